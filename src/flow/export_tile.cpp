#include "flow/export_tile.hpp"

#include <nlohmann/json.hpp>

#include "base/csv.hpp"
#include "base/files.hpp"
#include "base/hash.hpp"
#include "flow/export_manifest.hpp"
#include "netlist/deck.hpp"
#include "netlist/dialect.hpp"
#include "tile/stimuli.hpp"

namespace memspice::flow {
namespace {

using Json = nlohmann::ordered_json;

/// A tile's stimuli and what they become on the lines of its array.
struct Stimuli {
  Eigen::MatrixXd V;  ///< word lines of the plan x vectors [V]
  tile::ArrayDrive drive;
};

Json stimuli_json(const Stimuli& stimuli, const tile::Array& array) {
  const bool has_gates = stimuli.drive.gate.size() > 0;
  Json json{{"vectors", stimuli.V.cols()},
            {"points_per_vector", array.input().points_per_vector()},
            {"points", stimuli.drive.V.cols()},
            {"columns", has_gates ? "gate lines" : "word lines"}};
  if (has_gates) json["source_lines_volt"] = array.spec().read_voltage;
  return json;
}

/// What a reader of the deck needs to program or to check the tile.
Json manifest_of(const config::FlowOptions& options,
                 const ExportedCells& cells,
                 const mapping::Tile& tile,
                 const Stimuli& stimuli,
                 const netlist::Deck& deck,
                 netlist::Dialect dialect) {
  const tile::Array array = array_of(options).connected(tile);
  Json json{{"tile", tile.name}};
  json.update(tile_json(options, tile));
  json["array"] = array_json(options);
  json["pairs"] = json["array"]["lines"];
  json["device"] = device_json(options);
  json["cells"] = cells_json(options, cells);
  json["wiring_ohm"] = wiring_json(array.wiring());
  json["voltage_file"] = tile.name + "_voltage.csv";
  json["stimuli"] = stimuli_json(stimuli, array);
  json["output"] = array.topology().output_text() + array.input().gathering_text();
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
  const tile::Array array = array_of(options).connected(tile);
  const Eigen::MatrixXd V =
      tile::corner_vectors(tile.word_lines(), cells.plan.read_voltage, layer.signed_input);
  const synthesis::TileBench bench = array.bench(tile.name, tile.G, V, true);
  const netlist::Deck deck = netlist::write_deck(bench.circuit, bench.analysis, request.dialect);
  const Stimuli stimuli{V, array.drive(V, array.cells(tile.G).cols())};
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
