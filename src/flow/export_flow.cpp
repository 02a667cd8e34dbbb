#include <algorithm>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "config/model_catalog.hpp"
#include "flow/export_network.hpp"
#include "flow/export_tile.hpp"
#include "flow/periphery.hpp"
#include "netlist/dialect.hpp"
#include "netlist/model_text.hpp"

namespace memspice::flow {
namespace {

[[noreturn]] void reject_export(const ExportRequest& request,
                                std::string rule,
                                std::string remedy) {
  throw InputError({.place = "--what",
                    .value = '"' + request.what + '"',
                    .rule = std::move(rule),
                    .remedy = std::move(remedy)});
}

std::vector<std::string> access_names() {
  return {"nmos_access", "exponential_selector", "threshold_selector"};
}

/// Cells that stand in files: memristor models and access devices.
std::vector<std::string> hand_written_cells(const config::FlowOptions& options) {
  std::vector<std::string> names = access_names();
  names.push_back("static_read");
  for (const config::ModelEntry& model : config::shipped_models()) names.push_back(model.name);
  if (options.device.cell != nullptr) names.push_back(options.device.model);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
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
  reject_export(request,
                "layer " + layer.name + " has " + std::to_string(rows) + " x " +
                    std::to_string(layer.blocks.front().column_tiles) + " tiles",
                "count rows and columns from 0; kernel first, outputs without weights have none");
}

int parse_index(const std::string& text, const ExportRequest& request) {
  const auto value = parse_integer(text);
  if (!value || *value < 0 || *value > 1'000'000) {
    reject_export(request, "\"" + text + "\" is no tile index", "write tile:LAYER:ROW:COL");
  }
  return static_cast<int>(*value);
}

/// A hand-written cell's file: an access device's, a shipped model's, or the flow's own model's.
std::string cell_file(const config::FlowOptions& options, const std::string& name) {
  const auto accesses = access_names();
  if (std::find(accesses.begin(), accesses.end(), name) != accesses.end()) {
    return shipped_file("netlists/cells/" + name + ".sub").string();
  }
  if (options.device.cell != nullptr && name == options.device.model) {
    return config::subcircuit_file(name, options.device.card);
  }
  return shipped_file("device_models/" + name + '/' + name + ".sub").string();
}

/// A hand-written cell is copied as it is: it is the source that generated decks quote. Another
/// dialect gets its words.
Exported export_cell(const config::FlowOptions& options,
                     const ExportRequest& request,
                     const std::string& name) {
  const std::vector<std::string> known = hand_written_cells(options);
  if (std::find(known.begin(), known.end(), name) == known.end()) {
    std::vector<std::string> all = known;
    for (const std::string& circuit : circuit_names(options)) all.push_back(circuit);
    reject_export(request, "names no cell; there are " + join(all, ", "), suggest(name, all));
  }
  const std::string source = cell_file(options, name);
  const auto target = std::filesystem::path(request.folder) / (name + ".sub");
  if (request.dialect == netlist::Dialect::Ngspice) {
    write_file(target, read_file(source));
  } else {
    const netlist::DialectWriter& writer = netlist::dialect_writer(request.dialect);
    write_file(target, writer.definition(netlist::read_definition_file(source)));
  }
  return {.files = {target.string()}, .notes = {}};
}

Exported export_one_tile(const config::FlowOptions& options,
                         const std::vector<std::string>& parts,
                         const ExportRequest& request) {
  // The run's own mapping: the bias word line's cells depend on the calibrated input range.
  const mapping::TilePlan mapped = map_inputs(options, open_inputs(options)).plan;
  require_on_crossbars(options, mapped.layer(parts[1]).name);
  const int row = parse_index(parts[2], request);
  const int column = parse_index(parts[3], request);
  find_tile(mapped.layer(parts[1]), row, column, request);
  const ExportedCells cells = choose_cells(options, mapped, parts[1], request);
  const mapping::LayerPlan& layer = cells.plan.layer(parts[1]);
  return {
      .files = export_tile(options, cells, layer, find_tile(layer, row, column, request), request),
      .notes = cells.notes};
}

}  // namespace

Exported export_flow(const config::FlowOptions& options, const ExportRequest& request) {
  const std::vector<std::string> parts = split(request.what, ':');
  if (parts.size() == 2 && parts[0] == "cell") {
    if (!names_circuit(options, parts[1])) return export_cell(options, request, parts[1]);
    return {.files = export_circuit(options, parts[1], request), .notes = {}};
  }
  if (parts.size() == 1 && parts[0] == "network") return export_network(options, {}, request);
  if (parts.size() == 2 && parts[0] == "layer") return export_network(options, parts[1], request);
  if (parts.size() == 4 && parts[0] == "tile") return export_one_tile(options, parts, request);
  reject_export(request,
                "names nothing that can be exported",
                "write tile:LAYER:ROW:COL, layer:LAYER, network or cell:NAME");
}

}  // namespace memspice::flow
