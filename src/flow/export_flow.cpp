#include "base/error.hpp"
#include "base/text.hpp"
#include "flow/export_network.hpp"
#include "flow/export_subcircuit.hpp"
#include "flow/export_tile.hpp"
#include "flow/plan.hpp"
#include "flow/run_flow.hpp"

namespace memspice::flow {
namespace {

ExportPlan export_plan(const config::FlowOptions& options) {
  return {.network = options.network_file.filename().string(),
          .array = array_of(options),
          .device = options.device,
          .lines = options.array,
          .converters = options.converters,
          .cells = {.variability = {options.nonideality, options.monte_carlo},
                    .programming = options.programming,
                    .paths = options.path,
                    .rung = ladder_of(options.path, options.fidelity).back(),
                    .seed = options.seed,
                    .jobs = options.jobs}};
}

Exported export_part(const config::FlowOptions& options,
                     const NetworkPart& part,
                     const ExportRequest& request) {
  const ExportPlan plan = export_plan(options);
  const device::AnalogFigures figures =
      require_circuit(plan, config::load_technology(options.array.technology));
  const Inputs inputs = open_inputs(options);
  if (!part.layer.empty()) inputs.graph.find(part.layer);
  const study::Mapped mapped = map_inputs(options, inputs);
  return export_network(
      plan, figures, {.inputs = &inputs, .mapped = &mapped, .spice = options.spice}, part, request);
}

}  // namespace

Exported export_flow(const config::FlowOptions& options, const ExportRequest& request) {
  const std::vector<std::string> parts = split(request.what, ':');
  if (request.positions > 0 && parts[0] != "layer" && parts[0] != "block") {
    reject("--positions",
           std::to_string(request.positions),
           "is for a layer or block, through which windows or pixels pass",
           "leave it out");
  }
  if (parts.size() == 2 && parts[0] == "cell") {
    return export_subcircuit({.device = options.device,
                              .periphery = options.periphery,
                              .technology = options.array.technology,
                              .seed = options.seed},
                             parts[1],
                             request);
  }
  if (parts.size() == 1 && parts[0] == "network") return export_part(options, {}, request);
  if (parts.size() == 2 && (parts[0] == "layer" || parts[0] == "block")) {
    return export_part(options, {.layer = parts[1], .is_block = parts[0] == "block"}, request);
  }
  if (parts.size() == 4 && parts[0] == "tile") {
    // The run's own mapping: the bias word line's cells depend on the calibrated input range.
    const mapping::TilePlan mapped = map_inputs(options, open_inputs(options)).plan;
    return export_tile(export_plan(options), mapped, parts, request);
  }
  reject("--what",
         '"' + request.what + '"',
         "names nothing that can be exported",
         "write tile:LAYER:ROW:COL, layer:LAYER, block:LAYER, network or cell:NAME");
}

}  // namespace memspice::flow
