#include "study/periphery_requests.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "mapping/input_reads.hpp"
#include "simulate/periphery_kernel.hpp"
#include "study/machine.hpp"

namespace memspice::study {
namespace {

using network::Activation;
using periphery::Reduction;

constexpr int kCurrentVectors = 64;            // that a bit line's largest current is taken from
constexpr std::int64_t kLargestAverage = 256;  // inputs that one node joins
constexpr double kCurrentMargin = 0.9;         // of the swing: other images, the cells' curvature

/// The flow's wishes for a circuit, under what the layer needs.
synthesis::BlockRequest block_of(const PeripheryOptions& options,
                                 const std::string& circuit,
                                 const std::map<std::string, double>& sizes) {
  synthesis::BlockRequest block{.name = {}, .circuit = circuit, .sizes = {}};
  for (const synthesis::BlockRequest& wish : options.circuits) {
    if (wish.circuit != circuit) continue;
    block.realisation = wish.realisation;
    block.sizes = wish.sizes;
    // Scales belong to the layer: its values are put into the card's signal.
    for (const char* scale : {"input_unit", "output_unit", "range"}) block.sizes.erase(scale);
    break;
  }
  for (const auto& [name, value] : sizes) block.sizes[name] = value;
  return block;
}

/// A circuit with the scale of its values; no circuit: why there is none.
struct Choice {
  std::string circuit;
  std::map<std::string, double> sizes;
  double unit = 0.0;  ///< volts of 1; 0: full scale decides
  std::string refusal = {};
};

bool is_near(float value, double wanted) {
  return std::abs(static_cast<double>(value) - wanted) < 1e-4;
}

Choice refused(const char* why) {
  return {{}, {}, 0.0, why};
}

Choice choose_leaky_relu(const Activation& op) {
  if (op.alpha > 0 && op.alpha < 1) return {"leaky_relu", {{"slope", op.alpha}}};
  return refused("a slope outside 0 to 1 has no circuit");
}

Choice choose_clip(const Activation& op, double signal) {
  if (op.alpha == 0 && op.beta > 0) return {"clipped_relu", {{"ceiling", 1}}, signal / op.beta};
  return refused("a clip that does not begin at 0 has no circuit");
}

Choice choose_hard_sigmoid(const Activation& op, double signal) {
  if (is_near(op.alpha, 1.0 / 6) && is_near(op.beta, 0.5)) return {"hard_sigmoid", {}, signal};
  return refused("only x/6 + 1/2 has a circuit");
}

Choice choose_neuron(const Activation& op, double signal) {
  using Kind = Activation::Kind;
  if (op.kind == Kind::Relu) return {"relu", {}};
  if (op.kind == Kind::LeakyRelu) return choose_leaky_relu(op);
  if (op.kind == Kind::Clip) return choose_clip(op, signal);
  if (op.kind == Kind::Sigmoid) return {"sigmoid", {}, signal};
  if (op.kind == Kind::Tanh) return {"tanh", {}, signal};
  if (op.kind == Kind::HardSigmoid) return choose_hard_sigmoid(op, signal);
  if (op.kind == Kind::HardSwish) return {"hard_swish", {}, signal};
  if (op.kind == Kind::Softmax || op.kind == Kind::LogSoftmax) {
    return refused("softmax and its logarithm stay digital");
  }
  return refused("activations of complex numbers stay digital");
}

double size_of(const network::ActivationRange& range) {
  return std::max(std::abs(static_cast<double>(range.low)),
                  std::abs(static_cast<double>(range.high)));
}

/// Everything that turning layers into requests needs.
struct Asking {
  const PeripheryOptions* options = nullptr;
  const network::Graph* graph = nullptr;
  const network::ActivationRanges* ranges = nullptr;
  double signal = 0.0;
  StageRequests* out = nullptr;

  void refuse(const network::Layer& layer, const std::string& why) const {
    out->exact.push_back(layer.name + ": " + why);
  }
  void ask(PeripheryPart part,
           network::LayerId id,
           const Choice& choice,
           Reduction reduction,
           double full_scale,
           int stages = 1) const {
    const double volts = choice.unit > 0 ? choice.unit : signal / full_scale;
    if (!std::isfinite(volts)) return refuse(graph->layer(id), "all its inputs are zero");
    out->requests.push_back({.part = part,
                             .layer = id.value,
                             .curve = {.block = block_of(*options, choice.circuit, choice.sizes),
                                       .reduction = reduction},
                             .volts_in = volts,
                             .volts_out = volts,
                             .stages = stages});
  }
};

void ask_neuron(const Asking& asking, network::LayerId id, const Activation& op) {
  const Choice choice = choose_neuron(op, asking.signal);
  if (choice.circuit.empty()) return asking.refuse(asking.graph->layer(id), choice.refusal);
  asking.ask(PeripheryPart::Activation,
             id,
             choice,
             Reduction::None,
             size_of(asking.ranges->of_inputs(*asking.graph, id)));
}

void ask_pool(const Asking& asking, network::LayerId id, bool is_max, std::int64_t window) {
  const Choice choice{is_max ? "max_pool" : "average_pool",
                      {{"window", static_cast<double>(window)}}};
  asking.ask(PeripheryPart::Pooling,
             id,
             choice,
             is_max ? Reduction::Maximum : Reduction::Mean,
             size_of(asking.ranges->of_inputs(*asking.graph, id)));
}

void ask_global(const Asking& asking, network::LayerId id, const network::GlobalAverage& op) {
  const network::Shape& shape = asking.graph->shape_of(asking.graph->inputs(id)[0]);
  std::int64_t window = 1;
  for (const int axis : op.axes) {
    window *=
        shape[static_cast<std::size_t>(axis < 0 ? axis + static_cast<int>(shape.size()) : axis)];
  }
  if (window <= kLargestAverage) return ask_pool(asking, id, false, window);
  const simulate::AverageTree tree = simulate::average_tree(window, kLargestAverage);
  if (tree.window == 0) {
    return asking.refuse(asking.graph->layer(id),
                         "no tree of equal averages joins " + std::to_string(window) + " values");
  }
  asking.ask(PeripheryPart::Pooling,
             id,
             {"average_pool", {{"window", static_cast<double>(tree.window)}}},
             Reduction::Mean,
             size_of(asking.ranges->of_inputs(*asking.graph, id)),
             tree.stages);
}

void ask_product(const Asking& asking, network::LayerId id) {
  const auto operands = asking.graph->inputs(id);
  double scale = 1.0;
  bool one_is_positive = false;
  for (const network::LayerId operand : operands) {
    const network::ActivationRange& range = asking.ranges->of(operand);
    scale *= size_of(range);
    one_is_positive = one_is_positive || range.low >= 0;
  }
  if (!one_is_positive) {
    return asking.refuse(asking.graph->layer(id), "the multiplier has two quadrants");
  }
  asking.ask(PeripheryPart::Multiplier, id, {"multiplier", {}}, Reduction::Product, scale);
}

void ask_for_layer(const Asking& asking, network::LayerId id) {
  const network::Operation& operation = asking.graph->layer(id).operation;
  const auto wants = [&](PeripheryPart part) { return asking.options->in_network.contains(part); };
  if (const auto* neuron = std::get_if<Activation>(&operation)) {
    if (wants(PeripheryPart::Activation)) ask_neuron(asking, id, *neuron);
  } else if (const auto* pool = std::get_if<network::Pooling>(&operation)) {
    const std::int64_t window = pool->window.kernel[0] * std::int64_t{pool->window.kernel[1]};
    const bool is_max = pool->kind == network::Pooling::Kind::Max;
    if (wants(PeripheryPart::Pooling)) ask_pool(asking, id, is_max, window);
  } else if (const auto* global = std::get_if<network::GlobalAverage>(&operation)) {
    if (wants(PeripheryPart::Pooling)) ask_global(asking, id, *global);
  } else if (const auto* product = std::get_if<network::Elementwise>(&operation)) {
    const bool is_product = product->kind == network::Elementwise::Kind::Mul && !product->constant;
    if (is_product && wants(PeripheryPart::Multiplier)) ask_product(asking, id);
  }
  if (network::is_digital(operation) && wants(PeripheryPart::Activation)) {
    asking.refuse(asking.graph->layer(id),
                  network::operation_name(operation) + " has no circuit and stays digital");
  }
}

/// Largest current of one bit line on the network's own vectors, ohmic cells without wires [A].
double largest_current(const Bench& bench, const mapping::LayerPlan& layer) {
  double most = 0.0;
  for (std::size_t b = 0; b < layer.blocks.size(); ++b) {
    const mapping::Block& block = layer.blocks[b];
    const RandomStream random(bench.seed, "readout/" + layer.name);
    const mapping::FloatMatrix V =
        sample_voltages(*bench.mapped, *bench.graph, layer, block, kCurrentVectors, random.fork(b));
    for (const mapping::Tile& tile : block.tiles) {
      const Eigen::MatrixXd drive = mapping::word_line_voltages(tile, V);
      most = std::max(most, (tile.G.transpose() * drive).cwiseAbs().maxCoeff());
    }
  }
  return most;
}

/// Two digits, rounded down: what a designer would draw, and what a store finds again.
double two_digits_down(double value) {
  const double step = std::pow(10.0, std::floor(std::log10(value)) - 1);
  return std::floor(value / step) * step;
}

StageRequest readout_request(const PeripheryOptions& options,
                             const Bench& bench,
                             std::size_t l,
                             double range,
                             const device::AnalogFigures& figures) {
  const mapping::LayerPlan& layer = bench.mapped->plan.layers[l];
  const double swing =
      std::min(figures.vdd.value, -figures.vss.value) - figures.op_amp.headroom.value;
  const double current = largest_current(bench, layer);
  const double R =
      two_digits_down(std::min(figures.signal.value / range, kCurrentMargin * swing / current));
  return {.part = PeripheryPart::Readout,
          .layer = layer.layer.value,
          .plan_layer = static_cast<int>(l),
          .curve = {.block = block_of(options, "column_readout", {{"resistance", R}}),
                    .reduction = Reduction::Difference,
                    .common = two_digits_down(current / 2)},
          .volts_in = 1.0,
          .volts_out = R};
}

StageRequest dac_request(const PeripheryOptions& options,
                         const mapping::TilePlan& plan,
                         std::size_t l,
                         double signal) {
  const mapping::LayerPlan& layer = plan.layers[l];
  const mapping::Converter converter = mapping::input_converter(plan, layer);
  const int bits = converter.bits - (converter.is_signed ? 1 : 0);
  return {
      .part = PeripheryPart::Converters,
      .layer = layer.layer.value,
      .plan_layer = static_cast<int>(l),
      .curve = {.block = block_of(options, "dac", {{"bits", bits}}), .reduction = Reduction::Code},
      .volts_in = converter.steps() / plan.read_voltage,
      .volts_out = signal * (1.0 - std::ldexp(1.0, -bits)) / plan.read_voltage};
}

}  // namespace

StageRequests function_requests(const PeripheryOptions& options,
                                const network::Graph& graph,
                                const network::ActivationRanges& ranges,
                                double signal) {
  StageRequests requests;
  const Asking asking{&options, &graph, &ranges, signal, &requests};
  for (const network::LayerId id : graph.topological_order()) ask_for_layer(asking, id);
  return requests;
}

StageRequests crossbar_requests(const PeripheryOptions& options,
                                const Bench& bench,
                                const device::AnalogFigures& figures) {
  StageRequests out;
  const mapping::TilePlan& plan = bench.mapped->plan;
  const auto wants = [&](PeripheryPart part) { return options.in_network.contains(part); };
  const bool has_dac = plan.converters.driver_bits() > 1 && bench.array.spec().pulse_bits == 0;
  if (wants(PeripheryPart::Converters) && !has_dac) {
    out.exact.push_back("converters: ideal DACs and inputs bit by bit have no ladder");
  }
  for (std::size_t l = 0; l < plan.layers.size(); ++l) {
    const simulate::Fidelity fidelity = bench.last_rung().of(plan.layers[l].name);
    if (fidelity == simulate::Fidelity::Float) continue;
    if (wants(PeripheryPart::Converters) && has_dac) {
      out.requests.push_back(dac_request(options, plan, l, figures.signal.value));
    }
    if (!wants(PeripheryPart::Readout)) continue;
    const double range = simulate::largest_range(adc_setting(bench, l, fidelity, {}).ranges);
    out.requests.push_back(readout_request(options, bench, l, range, figures));
  }
  return out;
}

}  // namespace memspice::study
