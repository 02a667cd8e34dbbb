#include "flow/periphery.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/files.hpp"
#include "flow/run_engine.hpp"
#include "flow/stages.hpp"
#include "netlist/deck.hpp"
#include "periphery/characterize.hpp"
#include "periphery/static_response.hpp"
#include "report/periphery_report.hpp"
#include "synthesis/block_bench.hpp"

namespace memspice::flow {
namespace {

using synthesis::BlockRequest;

bool is_called(const BlockRequest& request, const std::string& name) {
  return request.name == name || request.circuit == name;
}

std::vector<BlockRequest> requests_of(const config::FlowOptions& options, const std::string& name) {
  std::vector<BlockRequest> requests;
  for (const BlockRequest& request : options.periphery.circuits) {
    if (is_called(request, name)) requests.push_back(request);
  }
  if (requests.empty()) requests.push_back({.name = {}, .circuit = name, .sizes = {}});
  return requests;
}

void export_block(const synthesis::AnalogBlock& block,
                  const device::AnalogFigures& figures,
                  const config::FlowOptions& options,
                  const ExportRequest& request,
                  std::vector<std::string>& files) {
  const auto base = std::filesystem::path(request.folder) / block.body->name();
  const periphery::Options& sizes = options.periphery.characterize;
  const auto inputs = periphery::static_inputs(block, figures, sizes.points, options.seed);
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

}  // namespace

std::vector<periphery::PeripheryModel> characterize_periphery(const config::FlowOptions& options) {
  if (options.periphery.circuits.empty()) {
    throw InputError({.place = options.file.string(),
                      .value = {},
                      .rule = "names no circuit to characterize",
                      .remedy = "add a table such as [periphery.relu]"});
  }
  const device::Technology technology = config::load_technology(options.array.technology);
  const device::AnalogFigures& figures = technology.require_analog();
  require_writable_folder(options.out);
  const RunStore store = open_store(store_path(options));
  const RunEngine engine = open_engine(spice_options(options), *store.store, true);
  periphery::Options settings = options.periphery.characterize;
  settings.seed = options.seed;
  const auto models =
      periphery::characterize(options.periphery.circuits, figures, *engine.engine, settings);
  write_file(options.out / "periphery.json", report::periphery_to_json(models));
  return models;
}

std::vector<std::string> circuit_names(const config::FlowOptions& options) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) {
      names.push_back(name);
    }
  };
  for (const BlockRequest& request : options.periphery.circuits) {
    add(request.name);
    add(request.circuit);
  }
  for (const auto& entry : synthesis::block_catalogue()) add(std::string(entry.name));
  return names;
}

bool names_circuit(const config::FlowOptions& options, const std::string& name) {
  const std::vector<std::string> names = circuit_names(options);
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> export_circuit(const config::FlowOptions& options,
                                        const std::string& name,
                                        const ExportRequest& request) {
  const device::Technology technology = config::load_technology(options.array.technology);
  const device::AnalogFigures& figures = technology.require_analog();
  std::vector<std::string> files;
  for (const BlockRequest& circuit : requests_of(options, name)) {
    export_block(synthesis::build_block(circuit, figures), figures, options, request, files);
  }
  return files;
}

}  // namespace memspice::flow
