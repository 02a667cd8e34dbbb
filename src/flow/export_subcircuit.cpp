#include "flow/export_subcircuit.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "config/model_catalog.hpp"
#include "netlist/deck.hpp"
#include "netlist/model_text.hpp"
#include "periphery/static_response.hpp"
#include "synthesis/block_bench.hpp"

namespace memspice::flow {
namespace {

bool is_one_of(const std::string& name, const std::vector<std::string>& names) {
  return std::ranges::find(names, name) != names.end();
}

std::vector<std::string> access_names() {
  return {"nmos_access", "exponential_selector", "threshold_selector"};
}

/// Cells that stand in files: memristor models and access devices.
std::vector<std::string> hand_written_cells(const config::DeviceOptions& device) {
  std::vector<std::string> names = access_names();
  names.push_back("static_read");
  for (const config::ModelEntry& model : config::shipped_models()) names.push_back(model.name);
  if (device.cell != nullptr) names.push_back(device.model);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

/// A hand-written cell's file: an access device's, a shipped model's, or the flow's own model's.
std::string cell_file(const config::DeviceOptions& device, const std::string& name) {
  if (is_one_of(name, access_names())) {
    return shipped_file("netlists/cells/" + name + ".sub").string();
  }
  if (device.cell != nullptr && name == device.model) {
    return config::subcircuit_file(name, device.card);
  }
  return shipped_file("device_models/" + name + '/' + name + ".sub").string();
}

/// A hand-written cell is copied as it is: it is the source that generated decks quote. Another
/// dialect gets its words.
std::vector<std::string> export_cell(const config::DeviceOptions& device,
                                     const std::string& name,
                                     const ExportRequest& request) {
  const std::string source = cell_file(device, name);
  const auto target = std::filesystem::path(request.folder) / (name + ".sub");
  if (request.dialect == netlist::Dialect::Ngspice) {
    write_file(target, read_file(source));
  } else {
    const netlist::DialectWriter& writer = netlist::dialect_writer(request.dialect);
    write_file(target, writer.definition(netlist::read_definition_file(source)));
  }
  return {target.string()};
}

void export_block(const synthesis::AnalogBlock& block,
                  const device::AnalogFigures& figures,
                  const Eigen::MatrixXd& inputs,
                  const ExportRequest& request,
                  std::vector<std::string>& files) {
  const auto base = std::filesystem::path(request.folder) / block.body->name();
  const auto bench = synthesis::build_static_bench(block, figures, inputs);
  const std::vector<std::pair<std::string, std::string>> contents = {
      {base.string() + ".cir",
       netlist::write_deck(bench.circuit, bench.analysis, request.dialect).text},
      {base.string() + ".sub", netlist::write_subcircuit(*block.body, request.dialect)}};
  for (const auto& [file, text] : contents) {
    write_file(file, text);
    files.push_back(file);
  }
}

std::vector<std::string> export_blocks(const SubcircuitSources& sources,
                                       const std::string& name,
                                       const ExportRequest& request) {
  const device::Technology technology = config::load_technology(sources.technology);
  const device::AnalogFigures& figures = technology.require_analog();
  const int points = sources.periphery.characterize.points;
  std::vector<std::string> files;
  for (const auto& circuit : synthesis::requests_called(name, sources.periphery.circuits)) {
    const synthesis::AnalogBlock block = synthesis::build_block(circuit, figures);
    const auto inputs = periphery::static_inputs(block, figures, points, sources.seed);
    export_block(block, figures, inputs, request, files);
  }
  return files;
}

}  // namespace

Exported export_subcircuit(const SubcircuitSources& sources,
                           const std::string& name,
                           const ExportRequest& request) {
  const auto circuits = synthesis::circuit_names(sources.periphery.circuits);
  if (is_one_of(name, circuits)) {
    return {.files = export_blocks(sources, name, request), .notes = {}};
  }
  std::vector<std::string> known = hand_written_cells(sources.device);
  if (is_one_of(name, known)) {
    return {.files = export_cell(sources.device, name, request), .notes = {}};
  }
  known.insert(known.end(), circuits.begin(), circuits.end());
  reject("--what",
         '"' + request.what + '"',
         "names no cell; there are " + join(known, ", "),
         suggest(name, known));
}

}  // namespace memspice::flow
