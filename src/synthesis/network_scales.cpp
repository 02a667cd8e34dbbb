#include "synthesis/network_scales.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "synthesis/weight_array.hpp"

namespace memspice::synthesis {
namespace {

using network::Activation;
using network::Graph;
using network::LayerId;

// Of the op-amp's swing: the rest is for images beyond the calibration ones, and for what loads
// drop at the output resistance. At 0.9 the CNN of tests/support left it on one image in five.
constexpr double kScaledSwingUsed = 0.6;

bool is_activation(const Graph& graph, LayerId id) {
  return std::holds_alternative<Activation>(graph.layer(id).operation);
}

/// Does the layer leave the scale of its first operand?
bool keeps_scale(const network::Operation& operation) {
  if (const auto* activation = std::get_if<Activation>(&operation)) {
    using Kind = Activation::Kind;
    return activation->kind != Kind::Sigmoid && activation->kind != Kind::Tanh &&
           activation->kind != Kind::HardSigmoid;
  }
  return std::holds_alternative<network::Pooling>(operation) ||
         std::holds_alternative<network::GlobalAverage>(operation) ||
         std::holds_alternative<network::Reshape>(operation);
}

bool is_product(const network::Operation& operation) {
  const auto* elementwise = std::get_if<network::Elementwise>(&operation);
  return elementwise != nullptr && elementwise->kind == network::Elementwise::Kind::Mul &&
         !elementwise->constant;
}

/// Sets of tensors with one scale, by their first one: entry 0 is the network's input.
class ScaleGroups {
 public:
  explicit ScaleGroups(const Graph& graph) : first_(graph.layer_count() + 1U) {
    for (std::size_t k = 0; k < first_.size(); ++k) first_[k] = k;
    for (const LayerId id : graph.topological_order()) {
      if (!keeps_scale(graph.layer(id).operation)) continue;
      first_[entry(id)] = first_[entry(graph.inputs(id).front())];
    }
  }
  static std::size_t entry(LayerId id) { return static_cast<std::size_t>(id.value + 1); }
  std::size_t of(LayerId id) const { return first_[entry(id)]; }
  std::size_t size() const { return first_.size(); }

 private:
  std::vector<std::size_t> first_;
};

/// What the takers of a tensor allow on it [V].
double voltage_limit(const Graph& graph, LayerId id, const device::AnalogFigures& figures) {
  const std::vector<LayerId> takers = graph.consumers(id);
  const bool only_activations = !takers.empty() && id != graph.output() &&
                                std::all_of(takers.begin(), takers.end(), [&](LayerId taker) {
                                  return is_activation(graph, taker) && taker != graph.output();
                                });
  return only_activations ? kScaledSwingUsed * swing_of(figures) : figures.signal.value;
}

/// Of each group the largest scale that all its tensors allow; infinite where they are always 0.
std::vector<double> largest_scales(const Graph& graph,
                                   const ScaleGroups& groups,
                                   const network::ActivationRanges& ranges,
                                   const device::AnalogFigures& figures) {
  std::vector<double> scale(groups.size(), std::numeric_limits<double>::infinity());
  const auto bound = [&](LayerId id) {
    const network::ActivationRange range = ranges.of(id);
    const double largest = std::max(std::abs(range.low), std::abs(range.high));
    if (largest == 0.0) return;
    double& most = scale[groups.of(id)];
    most = std::min(most, voltage_limit(graph, id, figures) / largest);
  };
  bound(Graph::kInput);
  for (const LayerId id : graph.topological_order()) bound(id);
  return scale;
}

}  // namespace

NetworkScales choose_scales(const Graph& graph,
                            const network::ActivationRanges& ranges,
                            const device::AnalogFigures& figures) {
  const ScaleGroups groups(graph);
  std::vector<double> scale = largest_scales(graph, groups, ranges, figures);
  NetworkScales scales{.input = 0.0, .of_layers = std::vector<double>(groups.size() - 1)};
  const auto settle = [&](std::size_t group) {
    if (std::isinf(scale[group])) scale[group] = figures.signal.value;  // always 0: any scale
    return scale[group];
  };
  scales.input = settle(groups.of(Graph::kInput));
  for (const LayerId id : graph.topological_order()) {
    if (is_product(graph.layer(id).operation)) {
      const auto operands = graph.inputs(id);
      scale[groups.of(id)] = scales.of(operands[0]) * scales.of(operands[1]) / figures.signal.value;
    }
    scales.of_layers[static_cast<std::size_t>(id.value)] = settle(groups.of(id));
  }
  return scales;
}

}  // namespace memspice::synthesis
