#include "synthesis/network_stage.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "synthesis/network_parts.hpp"

namespace memspice::synthesis {
namespace {

using network::Activation;
using network::Elementwise;
using network::LayerId;

[[noreturn]] void refuse_operation(const network::Layer& layer) {
  refuse_layer(layer.name,
               network::operation_name(layer.operation),
               "has no analog circuit",
               "export the layers before and after it, or train a network without it");
}

NetworkStage begin_stage(const StageContext& context, LayerId id) {
  const auto operands = context.graph.inputs(id);
  return {.layer = id,
          .name = context.graph.layer(id).name,
          .operands = {operands.begin(), operands.end()},
          .size = static_cast<int>(network::element_count(context.graph.shape_of(id))),
          .scale = context.scales.of(id),
          .content = WireStage{}};
}

/// A softmax or its logarithm may end a network: which output is the largest stays.
bool is_last_softmax(const network::Graph& graph, LayerId id) {
  const auto* activation = std::get_if<Activation>(&graph.layer(id).operation);
  return activation != nullptr && activation->is_along_axis() && id == graph.output();
}

NetworkStage plan_stage(const StageContext& context, LayerId id) {
  const network::Layer& layer = context.graph.layer(id);
  NetworkStage stage = begin_stage(context, id);
  if (std::holds_alternative<network::Recurrence>(layer.operation)) {
    refuse_operation(layer);
  } else if (layer.has_weights()) {
    stage.content = plan_arrays(context, id);
  } else if (std::holds_alternative<network::Reshape>(layer.operation) ||
             is_last_softmax(context.graph, id)) {
    stage.content = WireStage{};
  } else if (std::holds_alternative<Activation>(layer.operation)) {
    stage.content = plan_neurons(context, id);
  } else if (std::holds_alternative<network::Pooling>(layer.operation)) {
    stage.content = plan_pools(context, id);
  } else if (std::holds_alternative<network::GlobalAverage>(layer.operation)) {
    stage.content = plan_means(context, id);
  } else if (const auto* pair = std::get_if<Elementwise>(&layer.operation);
             pair != nullptr && !pair->constant && pair->kind == Elementwise::Kind::Mul) {
    stage.content = plan_products(context, id);
  } else if (pair != nullptr && !pair->constant && pair->kind == Elementwise::Kind::Add) {
    stage.content = plan_sums(context, id);
  } else {
    refuse_operation(layer);
  }
  return stage;
}

void require_positions(const mapping::Options& mapping) {
  using mapping::Scheme;
  if (mapping.scheme == Scheme::Im2col || mapping.scheme == Scheme::KernelFirst) return;
  throw InputError({.place = "mapping.scheme",
                    .value = std::string(mapping::to_text(mapping.scheme)),
                    .rule = "is not what a network's circuit is drawn from",
                    .remedy = "set it to \"im2col\" or \"kernel_first\""});
}

/// All readouts of a layer's circuit have one feedback resistor.
void require_one_scale(const mapping::Options& mapping) {
  if (mapping.weight_scale == mapping::WeightScale::Layer) return;
  throw InputError({.place = "mapping.weight_scale",
                    .value = std::string(mapping::to_text(mapping.weight_scale)),
                    .rule = "is not what a network's circuit is drawn from",
                    .remedy = "set it to \"layer\""});
}

/// Its operand's scale becomes what the mapping drives its word lines with.
void take_mapped_inputs(const network::Graph& graph,
                        const mapping::TilePlan& plan,
                        LayerId id,
                        NetworkScales& scales) {
  if (!graph.layer(id).has_weights()) return;
  const double scale = plan.read_voltage / plan.layer(graph.layer(id).name).x_max;
  const LayerId producer = graph.inputs(id).front();
  if (producer == network::Graph::kInput) {
    scales.input = scale;
  } else {
    scales.of_layers.at(static_cast<std::size_t>(producer.value)) = scale;
  }
}

}  // namespace

void refuse_layer(const std::string& layer,
                  const std::string& value,
                  const std::string& rule,
                  const std::string& remedy) {
  throw InputError({.place = "layer " + layer, .value = value, .rule = rule, .remedy = remedy});
}

int ArrayStage::positions() const {
  int count = 0;
  for (std::size_t k = 0; k < arrays.size(); ++k) {
    if (k == 0 || arrays[k].y != arrays[k - 1].y || arrays[k].x != arrays[k - 1].x) ++count;
  }
  return count;
}

NetworkStages plan_stages(const network::Graph& graph,
                          const mapping::TilePlan& plan,
                          const network::ActivationRanges& ranges,
                          const NetworkStageOptions& options,
                          const device::AnalogFigures& figures) {
  require_positions(plan.options);
  require_one_scale(plan.options);
  NetworkStages network{
      .scales = choose_scales(graph, ranges, figures), .stages = {}, .output = graph.output()};
  std::map<std::string, AnalogBlock> parts;
  const StageContext context{graph, plan, ranges, network.scales, options, figures, parts};
  if (options.only.size() == 1) {
    take_mapped_inputs(graph, plan, options.only.front(), network.scales);
  }
  for (const LayerId id : graph.topological_order()) {
    const bool is_asked = options.only.empty() || std::ranges::count(options.only, id) > 0;
    if (!is_asked) continue;
    network.stages.push_back(plan_stage(context, id));
  }
  return network;
}

}  // namespace memspice::synthesis
