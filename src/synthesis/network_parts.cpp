// Layers without weights: which part reads which values.

#include "synthesis/network_parts.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "circuit/name.hpp"
#include "synthesis/multiplier.hpp"
#include "synthesis/neuron.hpp"
#include "synthesis/pooling.hpp"

namespace memspice::synthesis {
namespace {

using network::Activation;
using network::LayerId;
using network::Shape;

/// The part called `name`, built once for all layers.
template <typename Build>
AnalogBlock shared_part(const StageContext& context, const std::string& name, const Build& build) {
  const auto known = context.parts.find(name);
  if (known != context.parts.end()) return known->second;
  return context.parts.emplace(name, build()).first->second;
}

std::string part_name(const StageContext& context, const std::string& name) {
  const bool twin = context.options.realisation == Realisation::Behavioural;
  return circuit::legal_name(twin ? name + "_behavioural" : name);
}

/// A part of element k alone for every k.
std::vector<std::vector<PartInput>> one_each(std::int64_t size) {
  std::vector<std::vector<PartInput>> uses;
  for (int k = 0; k < size; ++k) uses.push_back({{0, k}});
  return uses;
}

void require_bounds(const network::Layer& layer, bool holds, const std::string& rule) {
  if (holds) return;
  refuse_layer(layer.name,
               network::operation_name(layer.operation),
               rule,
               "train the network with the usual figures");
}

/// The neuron of an activation. `in`, `out`: scales of its tensors [V].
NeuronSpec neuron_of(const network::Layer& layer, const Activation& f, double in, double out) {
  using Kind = Activation::Kind;
  constexpr float kRounding = 1e-3F;
  switch (f.kind) {
    case Kind::Relu:
      return {.kind = NeuronKind::Relu};
    case Kind::LeakyRelu:
      return {.kind = NeuronKind::LeakyRelu, .slope = static_cast<double>(f.alpha)};
    case Kind::Clip: {
      require_bounds(layer, f.alpha == 0.0F && f.beta > 0.0F, "is a circuit from 0 to a ceiling");
      const double unit = in * static_cast<double>(f.beta);
      return {.kind = NeuronKind::ClippedRelu, .input_unit = unit, .output_unit = unit};
    }
    case Kind::Sigmoid:
      return {.kind = NeuronKind::Sigmoid, .input_unit = in, .output_unit = out};
    case Kind::Tanh:
      return {.kind = NeuronKind::Tanh, .input_unit = in, .output_unit = out};
    case Kind::HardSigmoid:
      require_bounds(
          layer,
          std::abs(f.alpha - 1.0F / 6.0F) < kRounding && std::abs(f.beta - 0.5F) < kRounding,
          "is a circuit for a slope of 1/6 about 1/2");
      return {.kind = NeuronKind::HardSigmoid, .input_unit = in, .output_unit = out};
    case Kind::HardSwish:
      return {.kind = NeuronKind::HardSwish, .input_unit = in, .output_unit = in};
    case Kind::ClRelu:
    case Kind::ZRelu:
    case Kind::ModRelu:
      refuse_layer(layer.name,
                   network::operation_name(layer.operation),
                   "acts on complex numbers, for which there is no circuit",
                   "simulate the spectral network with memspice run");
    case Kind::Softmax:
    case Kind::LogSoftmax:
      break;
  }
  refuse_layer(layer.name,
               network::operation_name(layer.operation),
               "has a circuit only at the network's end, where it is left out",
               "take another activation inside the network");
}

int extent(const Shape& shape, std::size_t axis) {
  return static_cast<int>(shape[axis]);
}

/// The elements in a pooling window at (p, q) of channel c; outside the plane: ground.
std::vector<PartInput> window_inputs(
    const network::Window& w, const Shape& in, int c, int p, int q) {
  std::vector<PartInput> inputs;
  for (int tap = 0; tap < w.kernel[0] * w.kernel[1]; ++tap) {
    const int i = p * w.stride[0] + tap / w.kernel[1] * w.dilation[0] - w.padding[0];
    const int j = q * w.stride[1] + tap % w.kernel[1] * w.dilation[1] - w.padding[1];
    const bool inside = i >= 0 && i < extent(in, 2) && j >= 0 && j < extent(in, 3);
    inputs.push_back({0, inside ? (c * extent(in, 2) + i) * extent(in, 3) + j : -1});
  }
  return inputs;
}

/// Pixels outside the plane are no candidates for a maximum: their inputs repeat one inside.
void repeat_inside(std::vector<PartInput>& inputs) {
  const auto inside =
      std::find_if(inputs.begin(), inputs.end(), [](const PartInput& at) { return at.index >= 0; });
  if (inside == inputs.end()) return;
  const PartInput value = *inside;
  for (PartInput& at : inputs) {
    if (at.index < 0) at = value;
  }
}

AnalogBlock pool_part(const StageContext& context, bool takes_maximum, int window) {
  const std::string kind = takes_maximum ? "max_pool_" : "average_pool_";
  const std::string name = part_name(context, kind + std::to_string(window));
  const PoolingSpec spec{
      .name = name, .realisation = context.options.realisation, .window = window};
  return shared_part(context, name, [&] {
    return takes_maximum ? build_max_pool(spec, context.figures)
                         : build_average_pool(spec, context.figures);
  });
}

/// Element of an operand that broadcasting brings to element k of `out`.
int broadcast_element(const Shape& operand, const Shape& out, std::int64_t k) {
  std::int64_t element = 0, step = 1;
  for (std::size_t back = 1; back <= out.size(); ++back) {
    const std::int64_t size = out[out.size() - back];
    const std::int64_t at = k % size;
    k /= size;
    if (back > operand.size()) continue;
    const std::int64_t own = operand[operand.size() - back];
    if (own != 1) element += at * step;
    step *= own;
  }
  return static_cast<int>(element);
}

/// Parts of two operands; `order`: which operand is which input.
std::vector<std::vector<PartInput>> pairs_of(const StageContext& context,
                                             LayerId id,
                                             std::array<int, 2> order) {
  const auto operands = context.graph.inputs(id);
  const Shape& out = context.graph.shape_of(id);
  std::vector<std::vector<PartInput>> uses;
  for (std::int64_t k = 0; k < network::element_count(out); ++k) {
    std::vector<PartInput> inputs;
    for (const int operand : order) {
      const Shape& shape = context.graph.shape_of(operands[static_cast<std::size_t>(operand)]);
      inputs.push_back({operand, broadcast_element(shape, out, k)});
    }
    uses.push_back(std::move(inputs));
  }
  return uses;
}

/// out = in_0 gain_0 + in_1 gain_1: an inverting summer and an inverter.
AnalogBlock build_sum(const std::string& name,
                      const Eigen::Vector2d& gain,
                      const device::AnalogFigures& figures) {
  AnalogDraft draft(name, figures, 2);
  const double R = figures.resistor.value;
  const circuit::NetId minus =
      draft.summer("minus", {{draft.in(0), R / gain[0]}, {draft.in(1), R / gain[1]}}, R);
  AnalogBlock block = draft.finish({draft.inverter("out_0", minus, R, R)});
  block.low.setConstant(-figures.signal.value);
  block.high.setConstant(figures.signal.value);
  block.full_scale = figures.signal.value * gain.sum();
  block.ideal = [gain](const Eigen::VectorXd& in) -> Eigen::VectorXd {
    return Eigen::VectorXd::Constant(1, gain.dot(in));
  };
  return block;
}

}  // namespace

PartStage plan_neurons(const StageContext& context, LayerId id) {
  const network::Layer& layer = context.graph.layer(id);
  const LayerId producer = context.graph.inputs(id).front();
  NeuronSpec spec = neuron_of(layer,
                              std::get<Activation>(layer.operation),
                              context.scales.of(producer),
                              context.scales.of(id));
  spec.realisation = context.options.realisation;
  const bool is_plain = spec.kind == NeuronKind::Relu;  // one circuit for all layers
  const std::string kind = name_of(spec.kind);
  spec.name = part_name(context, is_plain ? kind : layer.name + '_' + kind);
  return {
      .part = shared_part(context, spec.name, [&] { return build_neuron(spec, context.figures); }),
      .averaging = 0.0,
      .uses = one_each(network::element_count(context.graph.shape_of(id)))};
}

PartStage plan_pools(const StageContext& context, LayerId id) {
  const network::Layer& layer = context.graph.layer(id);
  const auto& pooling = std::get<network::Pooling>(layer.operation);
  const Shape& in = context.graph.shape_of(context.graph.inputs(id).front());
  const Shape& out = context.graph.shape_of(id);
  const bool takes_maximum = pooling.kind == network::Pooling::Kind::Max;
  PartStage stage{.part = pool_part(
                      context, takes_maximum, pooling.window.kernel[0] * pooling.window.kernel[1]),
                  .averaging = 0.0,
                  .uses = {}};
  for (int k = 0; k < network::element_count(out); ++k) {
    const int plane = extent(out, 2) * extent(out, 3);
    auto inputs = window_inputs(
        pooling.window, in, k / plane, k % plane / extent(out, 3), k % extent(out, 3));
    const bool reaches_out =
        std::any_of(inputs.begin(), inputs.end(), [](const PartInput& at) { return at.index < 0; });
    if (reaches_out && !takes_maximum && !pooling.count_padding) {
      refuse_layer(layer.name,
                   "an average over windows that reach outside the plane",
                   "has a circuit only where padding counts in the mean",
                   "take no padding, or count_include_pad");
    }
    if (takes_maximum) repeat_inside(inputs);
    stage.uses.push_back(std::move(inputs));
  }
  return stage;
}

PartStage plan_means(const StageContext& context, LayerId id) {
  const network::Layer& layer = context.graph.layer(id);
  const auto& mean = std::get<network::GlobalAverage>(layer.operation);
  const Shape& in = context.graph.shape_of(context.graph.inputs(id).front());
  require_bounds(layer,
                 in.size() == 4 && mean.axes == std::vector<int>{2, 3},
                 "is a circuit over height and width only");
  const int pixels = extent(in, 2) * extent(in, 3);
  // A subcircuit takes about a thousand ports in ngspice; resistors in the open have no such bound.
  constexpr int kMostPorts = 100;
  const bool is_joined = pixels > kMostPorts;
  PartStage stage{.part = pool_part(context, false, is_joined ? 1 : pixels),
                  .averaging = is_joined ? context.figures.resistor.value : 0.0,
                  .uses = {}};
  for (int c = 0; c < extent(in, 1); ++c) {
    std::vector<PartInput> inputs;
    for (int k = 0; k < pixels; ++k) inputs.push_back({0, c * pixels + k});
    stage.uses.push_back(std::move(inputs));
  }
  return stage;
}

PartStage plan_products(const StageContext& context, LayerId id) {
  const network::Layer& layer = context.graph.layer(id);
  const auto operands = context.graph.inputs(id);
  const auto is_positive = [&](std::size_t k) { return context.ranges.of(operands[k]).low >= 0; };
  if (!is_positive(0) && !is_positive(1)) {
    refuse_layer(layer.name,
                 "a product of two signed tensors",
                 "a multiplier takes one operand that is never below 0",
                 "scale by a sigmoid's or a ReLU's output");
  }
  // The sigmoid of squeeze-and-excitation is the second operand where both would do.
  const std::array<int, 2> order =
      is_positive(1) ? std::array<int, 2>{0, 1} : std::array<int, 2>{1, 0};
  const std::string name = part_name(context, "multiplier");
  const MultiplierSpec spec{.name = name, .realisation = context.options.realisation};
  return {
      .part = shared_part(context, name, [&] { return build_multiplier(spec, context.figures); }),
      .averaging = 0.0,
      .uses = pairs_of(context, id, order)};
}

PartStage plan_sums(const StageContext& context, LayerId id) {
  const auto operands = context.graph.inputs(id);
  const Eigen::Vector2d gain(context.scales.of(id) / context.scales.of(operands[0]),
                             context.scales.of(id) / context.scales.of(operands[1]));
  const std::string name = circuit::legal_name(context.graph.layer(id).name + "_summer");
  return {.part = build_sum(name, gain, context.figures),
          .averaging = 0.0,
          .uses = pairs_of(context, id, {0, 1})};
}

}  // namespace memspice::synthesis
