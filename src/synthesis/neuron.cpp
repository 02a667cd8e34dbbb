#include "synthesis/neuron.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "synthesis/neuron_circuits.hpp"

namespace memspice::synthesis {
namespace {

using circuit::NetId;

// Largest gate voltage of the tanh circuit for an argument of 1: the pairs' sources must stay
// above the tail transistors at four times this swing.
constexpr double kGateUnit = 0.1;    // [V]
constexpr double kLeastUnit = 0.02;  // [V]: below, offsets and thermal slopes rule

[[noreturn]] void reject_number(const std::string& place,
                                double value,
                                const std::string& rule,
                                const std::string& remedy) {
  throw InputError({.place = place, .value = to_text(value), .rule = rule, .remedy = remedy});
}

bool keeps_scale(NeuronKind kind) {
  return kind == NeuronKind::Relu || kind == NeuronKind::LeakyRelu ||
         kind == NeuronKind::ClippedRelu || kind == NeuronKind::HardSwish;
}

/// The input range in units on which a neuron is to hold: beyond, its function has saturated.
double reach_of(const NeuronSpec& spec) {
  switch (spec.kind) {
    case NeuronKind::ClippedRelu:
      return 1.5 * spec.ceiling;
    case NeuronKind::Sigmoid:
      return 8.0;
    case NeuronKind::Tanh:
    case NeuronKind::HardSigmoid:
    case NeuronKind::HardSwish:
      return 4.0;
    default:
      return 1.0;
  }
}

std::string behaviour_of(const NeuronSpec& spec) {
  const std::string x = "v(in_0)/" + to_text(spec.input_unit);
  const std::string u = to_text(spec.output_unit);
  switch (spec.kind) {
    case NeuronKind::Relu:
      return "max(v(in_0),0)";
    case NeuronKind::LeakyRelu:
      return "max(v(in_0)," + to_text(spec.slope) + "*v(in_0))";
    case NeuronKind::ClippedRelu:
      return "min(max(v(in_0),0)," + to_text(spec.ceiling * spec.output_unit) + ")";
    case NeuronKind::Sigmoid:
      return u + "*(0.5+0.5*tanh(0.5*" + x + "))";
    case NeuronKind::Tanh:
      return u + "*tanh(" + x + ")";
    case NeuronKind::HardSigmoid:
      return u + "*min(max(0.5+" + x + "/6,0),1)";
    case NeuronKind::HardSwish:
      return "v(in_0)*min(max(0.5+" + x + "/6,0),1)";
  }
  return {};
}

/// A gate's divider down to what the pairs take, then the pairs.
NetId add_squashing(AnalogDraft& draft, const NeuronSpec& spec) {
  const bool is_sigmoid = spec.kind == NeuronKind::Sigmoid;
  const double input = is_sigmoid ? 2.0 * spec.input_unit : spec.input_unit;
  const double gate_unit = std::min(kGateUnit, input);
  NetId gate = draft.in(0);
  if (gate_unit < input) {
    gate = draft.net("gate");
    const double R = draft.figures().resistor.value;
    draft.resistor("r_gate", draft.in(0), gate, R * (1.0 - gate_unit / input));
    draft.resistor("r_gate_ground", gate, circuit::kGround, R * gate_unit / input);
  }
  const double half = spec.output_unit / 2;
  return add_tanh(draft,
                  gate,
                  {.gate_unit = gate_unit,
                   .amplitude = is_sigmoid ? half : spec.output_unit,
                   .level = is_sigmoid ? half : 0.0});
}

NetId add_circuit(AnalogDraft& draft, const NeuronSpec& spec) {
  const double vdd = draft.figures().vdd.value;
  switch (spec.kind) {
    case NeuronKind::Relu:
      return add_relu(draft, "out_0", draft.in(0));
    case NeuronKind::LeakyRelu:
      return add_leaky_relu(draft, spec.slope);
    case NeuronKind::ClippedRelu:
      return add_window(draft,
                        "out_0",
                        add_weighted_node(draft, "x", {draft.in(0), 1.0}, 0.0),
                        spec.ceiling * spec.output_unit);
    case NeuronKind::HardSigmoid: {
      const double weight = spec.output_unit / (6.0 * spec.input_unit);
      if (weight + spec.output_unit / (2 * vdd) > 1.0) {
        reject_number(spec.name + ".input_unit",
                      spec.input_unit,
                      "is too small beside output_unit for the passive input divider",
                      "raise input_unit, or lower output_unit");
      }
      return add_window(draft,
                        "out_0",
                        add_weighted_node(draft, "x", {draft.in(0), weight}, spec.output_unit / 2),
                        spec.output_unit);
    }
    case NeuronKind::HardSwish:
      return add_hard_swish(draft, spec.input_unit);
    default:
      return add_squashing(draft, spec);
  }
}

/// Defaults filled in.
NeuronSpec completed(NeuronSpec spec, const device::AnalogFigures& figures) {
  if (spec.name.empty()) {
    spec.name = name_of(spec.kind);
    if (spec.realisation == Realisation::Behavioural) spec.name += "_behavioural";
  }
  if (spec.input_unit == 0) spec.input_unit = figures.signal.value;
  if (spec.output_unit == 0) spec.output_unit = figures.signal.value;
  return spec;
}

/// Outputs must stay within the op-amp's swing, less a diode's drop where one is in the loop.
void require_swing(const NeuronSpec& spec, const AnalogBlock& block, double swing) {
  constexpr double kDiodeDrop = 0.7;
  const bool has_diode = spec.kind != NeuronKind::Sigmoid && spec.kind != NeuronKind::Tanh;
  const bool is_circuit = spec.realisation == Realisation::Transistor;
  // A hard swish has its diodes inside, a leaky ReLU is buffered like the maximum it is.
  const bool drops = is_circuit && has_diode && spec.kind != NeuronKind::HardSwish;
  const double most = swing - (drops ? kDiodeDrop : 0.0);
  if (block.full_scale <= most) return;
  reject_number(
      spec.name + ".output_unit",
      spec.output_unit,
      "asks for " + to_text(block.full_scale) + " V, beyond the op-amp's " + to_text(most) + " V",
      "lower the unit, or the ceiling");
}

}  // namespace

const char* name_of(NeuronKind kind) {
  switch (kind) {
    case NeuronKind::Relu:
      return "relu";
    case NeuronKind::LeakyRelu:
      return "leaky_relu";
    case NeuronKind::ClippedRelu:
      return "clipped_relu";
    case NeuronKind::Sigmoid:
      return "sigmoid";
    case NeuronKind::Tanh:
      return "tanh";
    case NeuronKind::HardSigmoid:
      return "hard_sigmoid";
    case NeuronKind::HardSwish:
      return "hard_swish";
  }
  return "";
}

void NeuronSpec::validate() const {
  for (const auto& [key, unit] :
       {std::pair{"input_unit", input_unit}, {"output_unit", output_unit}}) {
    if (std::isfinite(unit) && unit >= kLeastUnit) continue;
    reject_number(name + '.' + key, unit, "must be at least 0.02 V", "the card's signal is 0");
  }
  if (keeps_scale(kind) && input_unit != output_unit) {
    reject_number(name + ".output_unit",
                  output_unit,
                  "must equal input_unit: this neuron keeps its scale",
                  "put a programmable gain before it");
  }
  if (!(slope > 0 && slope < 1)) {
    reject_number(
        name + ".slope", slope, "must be above 0 and below 1", "0.01 is usual; for 0 take relu");
  }
  if (!(ceiling > 0) || !std::isfinite(ceiling)) {
    reject_number(
        name + ".ceiling", ceiling, "must be above 0", "1 is full scale, 6 that of ReLU6");
  }
}

double neuron_function(const NeuronSpec& spec, double x) {
  switch (spec.kind) {
    case NeuronKind::Relu:
      return std::max(x, 0.0);
    case NeuronKind::LeakyRelu:
      return std::max(x, spec.slope * x);
    case NeuronKind::ClippedRelu:
      return std::clamp(x, 0.0, spec.ceiling);
    case NeuronKind::Sigmoid:
      return 1.0 / (1.0 + std::exp(-x));
    case NeuronKind::Tanh:
      return std::tanh(x);
    case NeuronKind::HardSigmoid:
      return std::clamp(x / 6 + 0.5, 0.0, 1.0);
    case NeuronKind::HardSwish:
      return x * std::clamp(x / 6 + 0.5, 0.0, 1.0);
  }
  return 0.0;
}

AnalogBlock build_neuron(const NeuronSpec& given, const device::AnalogFigures& figures) {
  const NeuronSpec spec = completed(given, figures);
  spec.validate();
  AnalogDraft draft(spec.name, figures, 1);
  NetId out;
  if (spec.realisation == Realisation::Behavioural) {
    out = draft.net("out_0");
    draft.behaviour("f", out, behaviour_of(spec));
  } else {
    out = add_circuit(draft, spec);
  }
  AnalogBlock block = draft.finish({out});
  // What the op-amp before it can give.
  const double swing =
      std::min(figures.vdd.value, -figures.vss.value) - figures.op_amp.headroom.value;
  const double reach = std::min(reach_of(spec) * spec.input_unit, swing);
  block.low[0] = -reach;
  block.high[0] = reach;
  block.ideal = [spec](const Eigen::VectorXd& in) -> Eigen::VectorXd {
    const double y = neuron_function(spec, in[0] / spec.input_unit);
    return Eigen::VectorXd::Constant(1, spec.output_unit * y);
  };
  block.full_scale = block.ideal(block.high)[0];
  require_swing(spec, block, swing);
  return block;
}

}  // namespace memspice::synthesis
