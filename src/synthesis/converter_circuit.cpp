#include "synthesis/converter_circuit.hpp"

#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "synthesis/ladder.hpp"
#include "synthesis/readout.hpp"
#include "synthesis/weight_array.hpp"

namespace memspice::synthesis {
namespace {

using circuit::Instance;
using circuit::kGround;
using circuit::Kind;
using circuit::NetId;

constexpr double kSwitchOff = 1e9;  // [Ohm]
constexpr const char* kSwitchModel = "dac_switch";

/// On while control+ is above control-.
void add_switch(AnalogDraft& draft, const std::string& name, std::vector<NetId> pins) {
  draft.circuit().add_definition({kSwitchModel,
                                  {},
                                  std::string(".model ") + kSwitchModel +
                                      " sw(vt=0 vh=0 ron=" + to_text(kLadderSwitch) +
                                      " roff=" + to_text(kSwitchOff) + ")\n"});
  draft.circuit().add(
      {.name = name, .kind = Kind::VoltageSwitch, .pins = std::move(pins), .model = kSwitchModel});
}

/// V_ref from a divider and a follower.
NetId add_reference(AnalogDraft& draft, double V_ref) {
  const double R = draft.figures().resistor.value;
  const double share = V_ref / draft.figures().vdd.value;
  const NetId tap = draft.net("reference_tap");
  draft.resistor("reference_top", draft.vdd(), tap, R * (1 - share));
  draft.resistor("reference_low", tap, kGround, R * share);
  return draft.follower("reference", tap);
}

void add_leg(AnalogDraft& draft, int bit, NetId reference, NetId node, double R) {
  const std::string number = std::to_string(bit);
  const NetId leg = draft.net("leg_" + number);
  add_switch(draft, "up_" + number, {leg, reference, draft.in(bit), kGround});
  add_switch(draft, "down_" + number, {leg, kGround, kGround, draft.in(bit)});
  draft.resistor("leg_r_" + number, leg, node, R - kLadderSwitch);
}

/// The ladder's output net.
NetId add_ladder(AnalogDraft& draft, const ConverterSpec& spec, NetId reference) {
  const LadderResistors made = draw_ladder(spec, draft.figures().resistor.value);
  NetId node = draft.net("ladder_0");
  draft.resistor("end_r", node, kGround, made.end);
  add_leg(draft, 0, reference, node, made.legs[0]);
  for (int k = 1; k < spec.bits; ++k) {
    const std::string number = std::to_string(k);
    const NetId next = draft.net("ladder_" + number);
    draft.resistor("rung_r_" + number, node, next, made.rungs[k - 1]);
    node = next;
    add_leg(draft, k, reference, node, made.legs[k]);
  }
  return node;
}

std::string behaviour_of(const ConverterSpec& spec) {
  std::string sum;
  for (int k = 0; k < spec.bits; ++k) {
    const double weight = spec.range / std::ldexp(1.0, spec.bits - k);
    sum += (k == 0 ? "" : "+") + to_text(weight) + "*u(v(in_" + std::to_string(k) + "))";
  }
  return sum;
}

/// V_ref code / 2^n of bits that are above 0 or not.
double level_of(const Eigen::VectorXd& bits, double V_ref) {
  double level = 0;
  for (Eigen::Index k = 0; k < bits.size(); ++k) {
    const auto below = static_cast<int>(bits.size() - k);
    if (bits[k] > 0) level += V_ref / std::ldexp(1.0, below);
  }
  return level;
}

void set_logic_range(AnalogBlock& block, int bits, const device::AnalogFigures& figures) {
  block.logic_inputs = bits;
  block.low.tail(bits).setConstant(figures.vss.value);
  block.high.tail(bits).setConstant(figures.vdd.value);
}

}  // namespace

AnalogBlock build_dac(const ConverterSpec& given, const device::AnalogFigures& figures) {
  const ConverterSpec spec = complete(given, "dac", figures);
  AnalogDraft draft(spec.name, figures, spec.bits);
  const NetId out = draft.net("out_0");
  if (spec.realisation == Realisation::Behavioural) {
    draft.behaviour("level", out, behaviour_of(spec));
  } else {
    const NetId top = add_ladder(draft, spec, add_reference(draft, spec.range));
    draft.op_amp("u_buffer", top, out, out);
  }
  AnalogBlock block = draft.finish({out});
  set_logic_range(block, spec.bits, figures);
  block.full_scale = spec.range * (1.0 - std::ldexp(1.0, -spec.bits));
  block.ideal = [range = spec.range](const Eigen::VectorXd& in) -> Eigen::VectorXd {
    return Eigen::VectorXd::Constant(1, level_of(in, range));
  };
  return block;
}

Eigen::MatrixXd dac_inputs(int bits,
                           const Eigen::VectorXi& codes,
                           const device::AnalogFigures& figures) {
  Eigen::MatrixXd inputs(bits, codes.size());
  for (Eigen::Index k = 0; k < codes.size(); ++k) {
    for (int bit = 0; bit < bits; ++bit) {
      const bool is_set = ((codes[k] >> bit) & 1) != 0;
      inputs(bit, k) = is_set ? figures.vdd.value : figures.vss.value;
    }
  }
  return inputs;
}

AnalogBlock build_sar_front_end(const ConverterSpec& given, const device::AnalogFigures& figures) {
  const ConverterSpec spec = complete(given, "sar_front_end", figures);
  AnalogDraft draft(spec.name, figures, spec.bits + 1);
  const AnalogBlock dac = build_dac(dac_of_sar(spec), figures);
  const AnalogBlock hold =
      build_sample_hold({.name = spec.name + "_hold", .realisation = spec.realisation}, figures);
  const NetId held = draft.net("held");
  const NetId level = draft.net("level");
  draft.block("hold", hold, {draft.vdd(), draft.vss(), draft.in(0), draft.vdd(), held});
  std::vector<NetId> pins{draft.vdd(), draft.vss()};
  for (int bit = 1; bit <= spec.bits; ++bit) pins.push_back(draft.in(bit));
  pins.push_back(level);
  draft.block("dac", dac, std::move(pins));
  const NetId out = draft.net("out_0");
  draft.op_amp("u_comparator", held, level, out);
  AnalogBlock block = draft.finish({out});
  set_logic_range(block, spec.bits, figures);
  block.low[0] = 0;
  block.high[0] = spec.range;
  block.full_scale = swing_of(figures);
  block.ideal = [spec, swing = block.full_scale](const Eigen::VectorXd& in) -> Eigen::VectorXd {
    const bool is_above = in[0] >= level_of(in.tail(spec.bits), spec.range);
    return Eigen::VectorXd::Constant(1, is_above ? swing : -swing);
  };
  return block;
}

Eigen::VectorXi convert_by_sar(const AnalogBlock& front_end,
                               int bits,
                               const Eigen::VectorXd& V,
                               const device::AnalogFigures& figures,
                               const RunBlock& run) {
  Eigen::VectorXi codes = Eigen::VectorXi::Zero(V.size());
  for (int bit = bits - 1; bit >= 0; --bit) {
    const Eigen::VectorXi tried = codes.array() + (1 << bit);
    Eigen::MatrixXd inputs(bits + 1, V.size());
    inputs.row(0) = V.transpose();
    inputs.bottomRows(bits) = dac_inputs(bits, tried, figures);
    const Eigen::MatrixXd decisions = run(front_end, inputs);
    codes = (decisions.row(0).transpose().array() > 0).select(tried, codes);
  }
  return codes;
}

Linearity linearity_of(const Eigen::VectorXd& levels) {
  const Eigen::Index steps = levels.size() - 1;
  if (steps < 1 || !(levels[steps] > levels[0])) {
    reject("linearity",
           std::to_string(levels.size()) + " levels",
           "must be at least two, the last above the first",
           "give the levels in the order of their codes");
  }
  Linearity result;
  result.lsb = (levels[steps] - levels[0]) / static_cast<double>(steps);
  result.dnl = (levels.tail(steps) - levels.head(steps)).array() / result.lsb - 1.0;
  const Eigen::ArrayXd codes =
      Eigen::ArrayXd::LinSpaced(levels.size(), 0, static_cast<double>(steps));
  result.inl = (levels.array() - levels[0]) / result.lsb - codes;
  return result;
}

Eigen::VectorXd transitions_of(const Eigen::VectorXd& ramp,
                               const Eigen::VectorXi& codes,
                               int bits) {
  Eigen::VectorXd transitions((1 << bits) - 1);
  Eigen::Index at = 0;
  for (Eigen::Index k = 0; k < transitions.size(); ++k) {
    while (at < codes.size() && codes[at] <= k) ++at;
    if (at == codes.size() || at == 0) {
      throw RunError({.place = "transitions",
                      .value = "code " + std::to_string(k + 1),
                      .rule = "is not first reached within the ramp",
                      .remedy = "begin the ramp lower, end it higher"});
    }
    transitions[k] = 0.5 * (ramp[at - 1] + ramp[at]);
  }
  return transitions;
}

}  // namespace memspice::synthesis
