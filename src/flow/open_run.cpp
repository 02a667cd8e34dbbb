#include "flow/open_run.hpp"

#include "base/files.hpp"
#include "flow/scoring.hpp"

namespace memspice::flow {

mapping::TilePlan on_crossbars(const study::Paths& paths, mapping::TilePlan plan) {
  std::erase_if(plan.layers,
                [&](const mapping::LayerPlan& layer) { return !paths.on_crossbars(layer.name); });
  return plan;
}

OpenedRun open_run(const config::FlowOptions& given, bool scores) {
  require_writable_folder(given.out);
  OpenedRun run{.options = given, .inputs = open_inputs(given), .mapped = {}};
  if (scores) require_scorable(run.inputs, given.network_file.string(), given.data.test);
  study::ResolvedPaths paths =
      study::resolve_paths(given.path, run.inputs.graph, run.inputs.spectral.has_value());
  run.options.path = std::move(paths.paths);
  run.inputs.choices = std::move(paths.choices);
  run.mapped = map_inputs(run.options, run.inputs);
  run.mapped.plan = on_crossbars(run.options.path, std::move(run.mapped.plan));
  return run;
}

}  // namespace memspice::flow
