#include "synthesis/multiplier.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "synthesis/weight_array.hpp"

namespace memspice::synthesis {
namespace {

using circuit::kGround;
using circuit::NetId;

constexpr double kTriodeMargin = 0.1;  // [V] between the gate and the edge of saturation

/// The lower gate voltage: M2 stays in the triode region up to x = signal.
double gate_bias(const device::AnalogFigures& figures) {
  return figures.nmos.threshold + figures.signal.value + kTriodeMargin;
}

void check_room(const std::string& name, const device::AnalogFigures& figures) {
  const double highest = gate_bias(figures) + figures.signal.value;
  if (highest <= swing_of(figures)) return;
  throw InputError({.place = name,
                    .value = to_text(highest) + " V",
                    .rule = "is a gate voltage beyond the op-amp's swing of " +
                            to_text(swing_of(figures)) + " V",
                    .remedy = "take a card with higher supplies or a smaller signal"});
}

/// The lower gate, held by a divider and a follower.
NetId add_bias(AnalogDraft& draft) {
  const double R = draft.figures().resistor.value;
  const double share = gate_bias(draft.figures()) / draft.figures().vdd.value;
  const NetId tap = draft.net("bias_tap");
  draft.resistor("bias_top", draft.vdd(), tap, R * (1 - share));
  draft.resistor("bias_low", tap, kGround, R * share);
  return draft.follower("bias", tap);
}

/// The upper gate: bias + s, the mean of both doubled.
NetId add_upper_gate(AnalogDraft& draft, NetId bias) {
  const double R = draft.figures().resistor.value;
  const NetId mean = draft.net("mean");
  draft.resistor("mean_bias", bias, mean, R);
  draft.resistor("mean_s", draft.in(1), mean, R);
  return draft.amplifier("upper", mean, R, R);
}

void add_circuit(AnalogDraft& draft, NetId out) {
  const device::AnalogFigures& figures = draft.figures();
  const double R_f = figures.resistor.value;
  const double shape = 1.0 / (figures.nmos.transconductance * R_f * figures.signal.value);
  const double width = shape * figures.nmos.length;
  const NetId bias = add_bias(draft);
  const NetId upper = add_upper_gate(draft, bias);
  const NetId plus = draft.net("plus");
  const NetId minus = draft.net("minus");
  draft.nmos("upper_m", {draft.in(0), upper, plus, kGround}, width);
  draft.nmos("lower_m", {draft.in(0), bias, minus, kGround}, width);
  add_subtractor(draft, "difference", plus, minus, out, {R_f, R_f});
}

}  // namespace

AnalogBlock build_multiplier(const MultiplierSpec& spec, const device::AnalogFigures& figures) {
  const bool is_behavioural = spec.realisation == Realisation::Behavioural;
  const std::string standard = is_behavioural ? "multiplier_behavioural" : "multiplier";
  const std::string name = spec.name.empty() ? standard : spec.name;
  AnalogDraft draft(name, figures, 2);
  const NetId out = draft.net("out_0");
  const double signal = figures.signal.value;
  if (is_behavioural) {
    const std::string swing = to_text(swing_of(figures));
    draft.behaviour(
        "product",
        out,
        "min(max(v(in_0)*v(in_1)/" + to_text(signal) + ",-" + swing + ")," + swing + ")");
  } else {
    check_room(name, figures);
    add_circuit(draft, out);
  }
  AnalogBlock block = draft.finish({out});
  block.low = Eigen::Vector2d(-signal, 0);
  block.high = Eigen::Vector2d(signal, signal);
  block.full_scale = signal;
  block.ideal = [signal](const Eigen::VectorXd& in) -> Eigen::VectorXd {
    return Eigen::VectorXd::Constant(1, in[0] * in[1] / signal);
  };
  return block;
}

}  // namespace memspice::synthesis
