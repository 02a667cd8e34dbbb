#include "synthesis/readout.hpp"

#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "synthesis/analog_draft.hpp"

namespace memspice::synthesis {
namespace {

using circuit::kGround;
using circuit::NetId;

bool is_behavioural(const ReadoutSpec& spec) {
  return spec.realisation == Realisation::Behavioural;
}

ReadoutSpec completed(ReadoutSpec spec,
                      const std::string& name,
                      const device::AnalogFigures& figures) {
  if (spec.name.empty()) spec.name = name + (is_behavioural(spec) ? "_behavioural" : "");
  if (spec.resistance == 0) spec.resistance = figures.resistor.value;
  spec.validate();
  return spec;
}

/// All inputs within +-range, the output within full_scale.
AnalogBlock finish(AnalogDraft& draft, NetId out, double range, double full_scale) {
  AnalogBlock block = draft.finish({out});
  block.low.setConstant(-range);
  block.high.setConstant(range);
  block.full_scale = full_scale;
  return block;
}

Eigen::VectorXd one(double value) {
  return Eigen::VectorXd::Constant(1, value);
}

//          +--C--+
//          +--R--+
//   in --+-+-|-\ |          The input stays within out / A of ground. C bounds the bandwidth.
//            |  >+-- out
//       gnd -|+/
NetId add_transimpedance(AnalogDraft& draft, const std::string& name, NetId in, double R) {
  const NetId out = draft.net(name);
  draft.resistor("rf_" + name, out, in, R);
  const double C = draft.figures().feedback_capacitor.value;
  if (C > 0) draft.capacitor("cf_" + name, out, in, C);
  draft.op_amp("u_" + name, kGround, in, out);
  return out;
}

/// The twin's input: a resistance of R / gain, as the op-amp's loop shows, and its voltage scaled.
void add_sensed(AnalogDraft& draft, int k, double R_in) {
  draft.resistor("r_in_" + std::to_string(k), draft.in(k), kGround, R_in);
}

double loop_resistance(const AnalogDraft& draft, double R) {
  return R / (1.0 + draft.figures().op_amp.gain.value);
}

//                  gate: in_k                One resistor a bit, each with a switch at the virtual
//   in_0 --R 2^..--[M_k]--+--[M_f]--R_f--+   ground; the feedback has one as well, always on, and
//                         +-|-\          |   all switches are as wide as their conductance, so
//                           |  >---------+   that their on-resistance cancels in the ratio. An
//                      gnd -|+/              inverter restores the sign.
NetId add_switched_gain(AnalogDraft& draft, const ReadoutSpec& spec) {
  // Of the highest bit [m]: about 400 Ohm beside 10 kOhm. Wider gates' capacitance at the virtual
  // ground makes the loop ring.
  constexpr double kWidest = 20e-6;
  const double R = draft.figures().resistor.value;
  const NetId sum = draft.net("sum");
  for (int k = 0; k < spec.bits; ++k) {
    const double weight = std::ldexp(1.0, k - spec.bits + 1);
    const std::string number = std::to_string(k);
    const NetId tap = draft.net("tap_" + number);
    draft.resistor("r_" + number, draft.in(0), tap, R / weight);
    draft.nmos("m_" + number, {tap, draft.in(1 + k), sum, draft.vss()}, kWidest * weight);
  }
  const double part = std::ldexp(1.0, 1 - spec.bits) / spec.gain;
  const NetId amplified = draft.net("amplified");
  const NetId tap = draft.net("tap_f");
  draft.resistor("r_f", amplified, tap, R / part);
  draft.nmos("m_f", {tap, draft.vdd(), sum, draft.vss()}, kWidest * part);
  draft.op_amp("u_gain", kGround, sum, amplified);
  return draft.inverter("out_0", amplified, R, R);
}

//   in_0 --[ transmission gate ]--+--|+\           clock = in_1; its complement from an inverter
//             clock, complement   C  |  >-+-- out
//                                gnd-|-/  |        (minus joins out)
NetId add_sampler(AnalogDraft& draft) {
  // Small switches: the charge that their gates push into C as they open grows with their width.
  constexpr double kSwitch = 2e-6, kInverter = 4e-6;  // [m]
  const NetId clock = draft.in(1);
  const NetId complement = draft.net("complement");
  const NetId held = draft.net("held");
  draft.nmos("m_low", {complement, clock, draft.vss(), draft.vss()}, kInverter);
  draft.pmos("m_high", {complement, clock, draft.vdd(), draft.vdd()}, 3 * kInverter);
  draft.nmos("m_n", {draft.in(0), clock, held, draft.vss()}, kSwitch);
  draft.pmos("m_p", {draft.in(0), complement, held, draft.vdd()}, kSwitch);
  draft.capacitor("c_hold", held, kGround, draft.figures().hold_capacitor.value);
  return draft.follower("out_0", held);
}

double code_of(const Eigen::VectorXd& in) {
  double code = 0.0;
  for (Eigen::Index k = 1; k < in.size(); ++k) {
    if (in[k] > 0) code += std::ldexp(1.0, static_cast<int>(k) - 1);
  }
  return code;
}

std::string code_expression(int bits) {
  std::string text;
  for (int k = 0; k < bits; ++k) {
    text += (k > 0 ? "+" : "") + to_text(std::ldexp(1.0, k)) + "*u(v(in_" + std::to_string(k + 1) +
            "))";
  }
  return text;
}

}  // namespace

void ReadoutSpec::validate() const {
  const auto reject = [&](const char* key, const std::string& value, const char* rule) {
    throw InputError({.place = name + '.' + key,
                      .value = value,
                      .rule = rule,
                      .remedy = "choose another value"});
  };
  if (!(resistance > 0) || !std::isfinite(resistance)) {
    reject("resistance", to_text(resistance), "must be above 0 Ohm");
  }
  if (bits < 1 || bits > 8) reject("bits", std::to_string(bits), "must be 1 to 8");
  if (!(gain > 0) || !std::isfinite(gain)) reject("gain", to_text(gain), "must be above 0");
}

AnalogBlock build_transimpedance(const ReadoutSpec& given, const device::AnalogFigures& figures) {
  const ReadoutSpec spec = completed(given, "transimpedance", figures);
  AnalogDraft draft(spec.name, figures, 1);
  const double R = spec.resistance;
  NetId out;
  if (is_behavioural(spec)) {
    add_sensed(draft, 0, loop_resistance(draft, R));
    out = draft.net("out_0");
    draft.behaviour("f", out, "-" + to_text(figures.op_amp.gain.value) + "*v(in_0)");
  } else {
    out = add_transimpedance(draft, "out_0", draft.in(0), R);
  }
  AnalogBlock block = finish(draft, out, figures.signal.value / R, figures.signal.value);
  block.takes_currents = true;
  block.ideal = [R](const Eigen::VectorXd& in) { return one(-R * in[0]); };
  return block;
}

//            +--R--+                +--R--+
//   in_0 ----+-|-\ |        in_1 ---+-|-\ |      The first inverts I+, so that the second sums
//              |  >+--- R ----------+ |  >+-- out   -I+ and I- and inverts both.
//         gnd -|+/               gnd -|+/
AnalogBlock build_column_readout(const ReadoutSpec& given, const device::AnalogFigures& figures) {
  const ReadoutSpec spec = completed(given, "column_readout", figures);
  AnalogDraft draft(spec.name, figures, 2);
  const double R = spec.resistance;
  NetId out;
  if (is_behavioural(spec)) {
    for (const int k : {0, 1}) add_sensed(draft, k, loop_resistance(draft, R));
    out = draft.net("out_0");
    draft.behaviour("f", out, to_text(figures.op_amp.gain.value) + "*v(in_0,in_1)");
  } else {
    const NetId inverted = add_transimpedance(draft, "inverted", draft.in(0), R);
    draft.resistor("r_inverted", inverted, draft.in(1), R);
    out = add_transimpedance(draft, "out_0", draft.in(1), R);
  }
  AnalogBlock block = finish(draft, out, figures.signal.value / R, 2 * figures.signal.value);
  block.takes_currents = true;
  block.ideal = [R](const Eigen::VectorXd& in) { return one(R * (in[0] - in[1])); };
  return block;
}

AnalogBlock build_subtractor(const ReadoutSpec& given, const device::AnalogFigures& figures) {
  const ReadoutSpec spec = completed(given, "subtractor", figures);
  AnalogDraft draft(spec.name, figures, 2);
  NetId out;
  if (is_behavioural(spec)) {
    out = draft.net("out_0");
    draft.behaviour("f", out, to_text(spec.gain) + "*v(in_0,in_1)");
  } else {
    const double R = spec.resistance;
    out = draft.difference("out_0", draft.in(0), draft.in(1), R, spec.gain * R);
  }
  const double range = figures.signal.value / std::max(1.0, spec.gain);
  AnalogBlock block = finish(draft, out, range, 2 * spec.gain * range);
  block.ideal = [g = spec.gain](const Eigen::VectorXd& in) { return one(g * (in[0] - in[1])); };
  return block;
}

AnalogBlock build_programmable_gain(const ReadoutSpec& given,
                                    const device::AnalogFigures& figures) {
  const ReadoutSpec spec =
      completed(given, "programmable_gain_" + std::to_string(given.bits), figures);
  AnalogDraft draft(spec.name, figures, 1 + spec.bits);
  NetId out;
  if (is_behavioural(spec)) {
    out = draft.net("out_0");
    draft.behaviour("f", out, to_text(spec.gain) + "*v(in_0)*(" + code_expression(spec.bits) + ")");
  } else {
    out = add_switched_gain(draft, spec);
  }
  const double most = spec.gain * (std::ldexp(1.0, spec.bits) - 1.0);
  AnalogBlock block = finish(draft, out, figures.signal.value / most, figures.signal.value);
  block.low.tail(spec.bits).setConstant(figures.vss.value);
  block.high.tail(spec.bits).setConstant(figures.vdd.value);
  block.logic_inputs = spec.bits;
  block.ideal = [g = spec.gain](const Eigen::VectorXd& in) { return one(g * code_of(in) * in[0]); };
  return block;
}

AnalogBlock build_sample_hold(const ReadoutSpec& given, const device::AnalogFigures& figures) {
  const ReadoutSpec spec = completed(given, "sample_hold", figures);
  if (is_behavioural(spec)) {
    throw InputError({.place = spec.name,
                      .value = {},
                      .rule = "has no behavioural twin: what it holds is a charge",
                      .remedy = "take the transistor circuit"});
  }
  AnalogDraft draft(spec.name, figures, 2);
  AnalogBlock block = finish(draft, add_sampler(draft), figures.signal.value, figures.signal.value);
  block.low[1] = block.high[1] = figures.vdd.value;
  block.logic_inputs = 1;
  block.ideal = [](const Eigen::VectorXd& in) { return one(in[0]); };
  return block;
}

}  // namespace memspice::synthesis
