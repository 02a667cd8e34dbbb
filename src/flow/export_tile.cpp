#include "flow/export_tile.hpp"

#include <nlohmann/json.hpp>

#include "base/csv.hpp"
#include "base/files.hpp"
#include "base/hash.hpp"
#include "flow/export_manifest.hpp"
#include "netlist/deck.hpp"
#include "netlist/dialect.hpp"
#include "synthesis/tile_circuit.hpp"
#include "tile/stimuli.hpp"
#include "tile/tile_bench.hpp"

namespace memspice::flow {
namespace {

using Json = nlohmann::ordered_json;

/// A tile's stimuli and what they become on the lines of its array.
struct Stimuli {
  Eigen::MatrixXd V;  ///< word lines of the plan x vectors [V]
  tile::ArrayDrive drive;
};

std::string output_text(const tile::ArrayPhysics& physics) {
  const bool is_shared = physics.pairs == crossbar::PairLayout::SharedBitLine;
  const std::string D = is_shared ? "D_j = I_j" : "D_j = I_2j - I_2j+1";
  if (physics.pulse_bits == 0) return D;
  return D + ", each current the sum over a vector's " + std::to_string(physics.pulse_bits) +
         " points b of 2^b I_b / (2^" + std::to_string(physics.pulse_bits) + " - 1)";
}

Json stimuli_json(const Stimuli& stimuli, const tile::ArrayPhysics& physics) {
  const bool has_gates = stimuli.drive.gate.size() > 0;
  Json json{{"vectors", stimuli.V.cols()},
            {"points_per_vector", physics.pulse_bits > 0 ? physics.pulse_bits : 1},
            {"points", stimuli.drive.V.cols()},
            {"columns", has_gates ? "gate lines" : "word lines"}};
  if (has_gates) json["source_lines_volt"] = physics.read_voltage;
  return json;
}

/// What a reader of the deck needs to program or to check the tile.
Json manifest_of(const config::FlowOptions& options,
                 const ExportedCells& cells,
                 const mapping::Tile& tile,
                 const Stimuli& stimuli,
                 const netlist::Deck& deck,
                 netlist::Dialect dialect) {
  const tile::ArrayPhysics physics = physics_of(options, tile);
  Json json{{"tile", tile.name}};
  json.update(tile_json(options, tile));
  json["array"] = array_json(options);
  json["pairs"] = json["array"]["lines"];
  json["device"] = device_json(options);
  json["cells"] = cells_json(options, cells);
  json["wiring_ohm"] = wiring_json(physics.wiring);
  json["voltage_file"] = tile.name + "_voltage.csv";
  json["stimuli"] = stimuli_json(stimuli, physics);
  json["output"] = output_text(physics);
  json["dialect"] = netlist::dialect_name(dialect);
  json["probes"] = deck.vectors;
  json["deck_sha256"] = sha256(deck.text);
  return json;
}

}  // namespace

std::vector<std::string> export_tile(const config::FlowOptions& options,
                                     const ExportedCells& cells,
                                     const mapping::LayerPlan& layer,
                                     const mapping::Tile& tile,
                                     const ExportRequest& request) {
  const tile::ArrayPhysics physics = physics_of(options, tile);
  const Eigen::MatrixXd V =
      tile::corner_vectors(tile.word_lines(), cells.plan.read_voltage, layer.signed_input);
  const synthesis::TileBench bench = tile::build_bench(tile.name, tile.G, V, physics, true);
  const netlist::Deck deck = netlist::write_deck(bench.circuit, bench.analysis, request.dialect);
  const Eigen::Index n_bit_lines = tile::array_cells(tile.G, physics).cols();
  const Stimuli stimuli{V, tile::drive_array(V, n_bit_lines, physics)};
  const Eigen::MatrixXd& lines =
      stimuli.drive.gate.size() > 0 ? stimuli.drive.gate : stimuli.drive.V;
  std::vector<std::pair<std::string, std::string>> files = {
      {tile.name + ".cir", deck.text},
      {tile.name + "_voltage.csv",
       format_csv(lines.transpose(), "voltage [V], a row per point, a column per line")},
      {tile.name + ".json",
       manifest_of(options, cells, tile, stimuli, deck, request.dialect).dump(2) + '\n'}};
  for (auto& file : cell_files(options, tile)) files.push_back(std::move(file));
  std::vector<std::string> names;
  for (const auto& [name, content] : files) {
    names.push_back((std::filesystem::path(request.folder) / name).string());
    write_file(names.back(), content);
  }
  return names;
}

}  // namespace memspice::flow
