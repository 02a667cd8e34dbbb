#include <nlohmann/json.hpp>

#include "base/csv.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "flow/export_network.hpp"
#include "flow/periphery.hpp"
#include "flow/run_flow.hpp"
#include "flow/stages.hpp"
#include "netlist/deck.hpp"
#include "netlist/dialect.hpp"
#include "netlist/model_text.hpp"
#include "synthesis/tile_circuit.hpp"
#include "tile/stimuli.hpp"
#include "tile/tile_bench.hpp"

namespace memspice::flow {
namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void reject(const ExportRequest& request, std::string rule, std::string remedy) {
  throw InputError({.place = "--what",
                    .value = '"' + request.what + '"',
                    .rule = std::move(rule),
                    .remedy = std::move(remedy)});
}

/// The tile at ROW:COL of a layer; a grouped convolution's row counts through its groups.
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
  reject(request,
         "layer " + layer.name + " has " + std::to_string(rows) + " x " +
             std::to_string(layer.blocks.front().column_tiles) + " tiles",
         "count rows and columns from 0; kernel first, outputs without weights have none");
}

int parse_index(const std::string& text, const ExportRequest& request) {
  const auto value = parse_integer(text);
  if (!value || *value < 0 || *value > 1'000'000) {
    reject(request, "\"" + text + "\" is no tile index", "write tile:LAYER:ROW:COL");
  }
  return static_cast<int>(*value);
}

/// What a reader of the deck needs to program or to check the tile.
Json manifest_of(const mapping::Tile& tile,
                 const config::FlowOptions& options,
                 const netlist::Deck& deck,
                 netlist::Dialect dialect,
                 const Eigen::MatrixXd& V) {
  Json json;
  json["tile"] = tile.name;
  json["word_lines"] = tile.word_lines();
  json["bit_lines"] = tile.bit_lines();
  json["first_input"] = tile.first_input;
  json["inputs"] = tile.inputs.empty() ? Json(nullptr) : Json(tile.inputs);
  json["first_output"] = tile.first_output;
  json["bias_word_line"] = tile.has_bias ? Json(tile.word_lines() - 1) : Json(nullptr);
  json["pairs"] = "bit lines 2j (+) and 2j+1 (-) carry output first_output + j";
  json["device"] = {{"model", options.device.model}, {"alpha_per_volt", options.device.alpha}};
  const crossbar::Wiring wiring = wiring_of(options);
  json["wiring_ohm"] = {{"row", wiring.row},
                        {"column", wiring.column},
                        {"driver", wiring.driver},
                        {"sense", wiring.sense}};
  json["conductance_file"] = tile.name + "_conductance.csv";
  json["voltage_file"] = tile.name + "_voltage.csv";
  json["stimuli"] = V.cols();
  json["dialect"] = netlist::dialect_name(dialect);
  json["probes"] = deck.vectors;
  json["deck_sha256"] = sha256(deck.text);
  return json;
}

std::vector<std::string> export_tile(const config::FlowOptions& options,
                                     const mapping::TilePlan& plan,
                                     const mapping::LayerPlan& layer,
                                     const mapping::Tile& tile,
                                     const ExportRequest& request) {
  const Eigen::MatrixXd V =
      tile::corner_vectors(tile.word_lines(), plan.read_voltage, layer.signed_input);
  const synthesis::TileBench bench =
      tile::build_bench(tile.name, tile.G, V, physics_of(options), true);
  const netlist::Deck deck = netlist::write_deck(bench.circuit, bench.analysis, request.dialect);
  const std::filesystem::path base = std::filesystem::path(request.folder) / tile.name;
  const std::vector<std::pair<std::string, std::string>> files = {
      {base.string() + ".cir", deck.text},
      {base.string() + "_conductance.csv",
       format_csv(tile.G, "conductance [S], a row per word line")},
      {base.string() + "_voltage.csv",
       format_csv(V.transpose(), "voltage [V], a row per input vector")},
      {base.string() + ".json",
       manifest_of(tile, options, deck, request.dialect, V).dump(2) + '\n'}};
  std::vector<std::string> names;
  for (const auto& [name, content] : files) {
    write_file(name, content);
    names.push_back(name);
  }
  return names;
}

/// A hand-written cell is copied as it is: it is the source that generated decks quote. Another
/// dialect gets its words.
std::vector<std::string> export_cell(const ExportRequest& request, const std::string& name) {
  const bool plain =
      !name.empty() &&
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
  if (!plain) reject(request, "is no cell name", "see device_models for the names");
  const bool gives_access =
      name == "nmos_access" || name == "exponential_selector" || name == "threshold_selector";
  const auto source = shipped_file(
      (gives_access ? "netlists/cells/" : "device_models/" + name + '/') + name + ".sub");
  const auto target = std::filesystem::path(request.folder) / (name + ".sub");
  if (request.dialect == netlist::Dialect::Ngspice) {
    write_file(target, read_file(source));
  } else {
    const netlist::DialectWriter& writer = netlist::dialect_writer(request.dialect);
    write_file(target, writer.definition(netlist::read_definition_file(source.string())));
  }
  return {target.string()};
}

}  // namespace

std::vector<std::string> export_flow(const config::FlowOptions& options,
                                     const ExportRequest& request) {
  const std::vector<std::string> parts = split(request.what, ':');
  if (parts.size() == 2 && parts[0] == "cell") {
    if (names_circuit(options, parts[1])) return export_circuit(options, parts[1], request.folder);
    return export_cell(request, parts[1]);
  }
  if (parts.size() == 1 && parts[0] == "network") return export_network(options, {}, request);
  if (parts.size() == 2 && parts[0] == "layer") return export_network(options, parts[1], request);
  if (parts.size() != 4 || parts[0] != "tile") {
    reject(request,
           "names nothing that can be exported",
           "write tile:LAYER:ROW:COL, layer:LAYER, network or cell:NAME");
  }
  // The run's own mapping: the bias word line's cells depend on the calibrated input range.
  const mapping::TilePlan plan = map_inputs(options, open_inputs(options)).plan;
  const mapping::LayerPlan& layer = plan.layer(parts[1]);
  const int row = parse_index(parts[2], request);
  const int column = parse_index(parts[3], request);
  return export_tile(options, plan, layer, find_tile(layer, row, column, request), request);
}

}  // namespace memspice::flow
