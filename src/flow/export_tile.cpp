#include "flow/export_tile.hpp"

#include <nlohmann/json.hpp>

#include "base/csv.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "flow/export_manifest.hpp"
#include "netlist/deck.hpp"
#include "netlist/dialect.hpp"
#include "tile/stimuli.hpp"

namespace memspice::flow {
namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void reject_tile(const ExportRequest& request, std::string rule, std::string remedy) {
  reject("--what", '"' + request.what + '"', std::move(rule), std::move(remedy));
}

/// The tile at ROW:COL of a layer; a row counts through the groups of a grouped convolution, and
/// through the digits of each, the least significant first.
const mapping::Tile& find_tile(const mapping::LayerPlan& layer,
                               int row,
                               int column,
                               const ExportRequest& request) {
  int rows = 0;
  for (const mapping::Block& block : layer.blocks) {
    for (const mapping::Tile& tile : block.tiles) {
      if (tile.row == row - rows && tile.column == column) return tile;
    }
    rows += block.row_tiles;
  }
  reject_tile(request,
              "layer " + layer.name + " has " + std::to_string(rows) + " x " +
                  std::to_string(layer.blocks.front().column_tiles) + " tiles",
              "count rows and columns from 0; kernel first, outputs without weights have none");
}

int parse_index(const std::string& text, const ExportRequest& request) {
  const auto value = parse_integer(text);
  if (!value || *value < 0 || *value > 1'000'000) {
    reject_tile(request, "\"" + text + "\" is no tile index", "write tile:LAYER:ROW:COL");
  }
  return static_cast<int>(*value);
}

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
Json manifest_of(const ExportPlan& plan,
                 const ExportedCells& cells,
                 const mapping::Tile& tile,
                 const Stimuli& stimuli,
                 const netlist::Deck& deck,
                 netlist::Dialect dialect) {
  const tile::Array array = plan.array.connected(tile);
  Json json{{"tile", tile.name}};
  json.update(tile_json(plan.array, tile));
  json["array"] = array_json(plan.array, plan.lines.topology);
  json["pairs"] = json["array"]["lines"];
  json["device"] = device_json(plan.device, plan.lines.access);
  json["cells"] = cells_json(plan.cells, cells);
  json["wiring_ohm"] = wiring_json(array.wiring());
  json["voltage_file"] = tile.name + "_voltage.csv";
  json["stimuli"] = stimuli_json(stimuli, array);
  json["output"] = array.topology().output_text() + array.input().gathering_text();
  json["dialect"] = netlist::dialect_name(dialect);
  json["probes"] = deck.vectors;
  json["deck_sha256"] = sha256(deck.text);
  return json;
}

std::vector<std::string> write_tile(const ExportPlan& plan,
                                    const ExportedCells& cells,
                                    const mapping::LayerPlan& layer,
                                    const mapping::Tile& tile,
                                    const ExportRequest& request) {
  const tile::Array array = plan.array.connected(tile);
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
       manifest_of(plan, cells, tile, stimuli, deck, request.dialect).dump(2) + '\n'}};
  for (auto& file : cell_files(plan.array, tile)) files.push_back(std::move(file));
  std::vector<std::string> names;
  for (const auto& [name, content] : files) {
    names.push_back((std::filesystem::path(request.folder) / name).string());
    write_file(names.back(), content);
  }
  return names;
}

}  // namespace

Exported export_tile(const ExportPlan& plan,
                     const mapping::TilePlan& mapped,
                     const std::vector<std::string>& address,
                     const ExportRequest& request) {
  const std::string& name = mapped.layer(address[1]).name;
  require_on_crossbars(plan.cells, name);
  const int row = parse_index(address[2], request);
  const int column = parse_index(address[3], request);
  find_tile(mapped.layer(name), row, column, request);
  const ExportedCells cells = choose_cells(plan, mapped, name, request);
  const mapping::LayerPlan& layer = cells.plan.layer(name);
  return {.files = write_tile(plan, cells, layer, find_tile(layer, row, column, request), request),
          .notes = cells.notes};
}

}  // namespace memspice::flow
