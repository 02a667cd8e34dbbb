#pragma once
// The stages of single layers; network_stage.hpp has them in order.

#include <map>

#include "synthesis/network_stage.hpp"

namespace memspice::synthesis {

/// What every layer's stage is planned from.
struct StageContext {
  const network::Graph& graph;
  const mapping::TilePlan& plan;
  const network::ActivationRanges& ranges;
  const NetworkScales& scales;
  const NetworkStageOptions& options;
  const device::AnalogFigures& figures;
  std::map<std::string, AnalogBlock>& parts;  ///< those that several layers share, by name
};

[[noreturn]] void refuse_layer(const std::string& layer,
                               const std::string& value,
                               const std::string& rule,
                               const std::string& remedy);

ArrayStage plan_arrays(const StageContext& context, network::LayerId id);
PartStage plan_neurons(const StageContext& context, network::LayerId id);
PartStage plan_pools(const StageContext& context, network::LayerId id);
PartStage plan_means(const StageContext& context, network::LayerId id);
PartStage plan_products(const StageContext& context, network::LayerId id);
PartStage plan_sums(const StageContext& context, network::LayerId id);

}  // namespace memspice::synthesis
