#include "flow/on_crossbars.hpp"

#include "flow/stages.hpp"

namespace memspice::flow {

bool runs_on_crossbars(const config::FlowOptions& options, const std::string& layer) {
  const std::string path = path_of(options, layer);
  return path.empty() || path == "crossbar";
}

mapping::TilePlan on_crossbars(const config::FlowOptions& options, mapping::TilePlan plan) {
  std::erase_if(plan.layers, [&](const mapping::LayerPlan& layer) {
    return !runs_on_crossbars(options, layer.name);
  });
  return plan;
}

}  // namespace memspice::flow
