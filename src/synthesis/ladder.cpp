#include "synthesis/ladder.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "synthesis/analog_draft.hpp"
#include "synthesis/weight_array.hpp"

namespace memspice::synthesis {
namespace {

/// h of every code.
Eigen::VectorXd shares_of_codes(const Eigen::VectorXd& weights) {
  Eigen::VectorXd shares = Eigen::VectorXd::Zero(Eigen::Index{1} << weights.size());
  for (Eigen::Index k = 0; k < weights.size(); ++k) {
    const Eigen::Index half = Eigen::Index{1} << k;
    shares.segment(half, half) = shares.head(half).array() + weights[k];
  }
  return shares;
}

double follower_gain(const device::AnalogFigures& figures) {
  return figures.op_amp.gain.value / (1.0 + figures.op_amp.gain.value);
}

/// h V_r of every code [V].
Eigen::VectorXd ladder_voltages(const ConverterSpec& spec, const device::AnalogFigures& figures) {
  const double V_r = follower_gain(figures) * (spec.range + figures.op_amp.offset.value);
  return V_r * shares_of_codes(ladder_weights(draw_ladder(spec, figures.resistor.value)));
}

}  // namespace

void ConverterSpec::validate() const {
  if (bits < 1 || bits > 12) {
    reject(name + ".bits", std::to_string(bits), "must be 1 to 12", "choose another resolution");
  }
  if (!(range > 0) || !std::isfinite(range)) {
    reject(name + ".range", to_text(range) + " V", "must be above 0", "the card's signal is usual");
  }
  if (!(mismatch >= 0 && mismatch <= 0.2)) {
    reject(name + ".mismatch", to_text(mismatch), "must be 0 to 0.2", "1e-3 is usual");
  }
}

ConverterSpec complete(ConverterSpec spec,
                       const std::string& standard,
                       const device::AnalogFigures& figures) {
  const bool is_behavioural = spec.realisation == Realisation::Behavioural;
  if (spec.name.empty()) spec.name = standard + (is_behavioural ? "_behavioural" : "");
  if (spec.range == 0) spec.range = figures.signal.value;
  spec.validate();
  if (spec.range > swing_of(figures)) {
    reject(spec.name + ".range",
           to_text(spec.range) + " V",
           "is beyond the op-amp's swing of " + to_text(swing_of(figures)) + " V",
           "lower it");
  }
  return spec;
}

ConverterSpec dac_of_sar(ConverterSpec complete) {
  complete.name += "_dac";
  return complete;
}

LadderResistors draw_ladder(const ConverterSpec& spec, double R) {
  RandomStream stream = RandomStream(spec.seed, "converter").fork(spec.name);
  const auto made = [&](double nominal) {
    return nominal * (1.0 + (spec.mismatch > 0 ? spec.mismatch * stream.normal() : 0.0));
  };
  LadderResistors ladder{.end = made(2 * R),
                         .legs = Eigen::VectorXd(spec.bits),
                         .rungs = Eigen::VectorXd(spec.bits - 1)};
  ladder.legs[0] = made(2 * R);
  for (int k = 1; k < spec.bits; ++k) {
    ladder.rungs[k - 1] = made(R);
    ladder.legs[k] = made(2 * R);
  }
  return ladder;
}

Eigen::VectorXd ladder_weights(const LadderResistors& ladder) {
  Eigen::VectorXd weights = Eigen::VectorXd::Zero(ladder.legs.size());
  double R = ladder.end;
  for (Eigen::Index k = 0; k < weights.size(); ++k) {
    if (k > 0) R += ladder.rungs[k - 1];
    const double G = 1 / R + 1 / ladder.legs[k];
    weights.head(k) /= R * G;
    weights[k] = 1 / (ladder.legs[k] * G);
    R = 1 / G;
  }
  return weights;
}

Eigen::VectorXd solve_dac(const ConverterSpec& given, const device::AnalogFigures& figures) {
  const Eigen::VectorXd V = ladder_voltages(complete(given, "dac", figures), figures);
  return follower_gain(figures) * (V.array() + figures.op_amp.offset.value);
}

Eigen::VectorXd solve_sar(const ConverterSpec& given, const device::AnalogFigures& figures) {
  const ConverterSpec spec = complete(given, "sar_front_end", figures);
  const Eigen::VectorXd V = ladder_voltages(dac_of_sar(spec), figures);
  const double shift = figures.op_amp.offset.value / follower_gain(figures);
  return begins_of_codes(V.tail(V.size() - 1).array() - shift);
}

Eigen::VectorXd begins_of_codes(Eigen::VectorXd decisions) {
  for (Eigen::Index c = decisions.size() - 1; c > 0; --c) {
    decisions[c - 1] = std::min(decisions[c - 1], decisions[c]);
  }
  return decisions;
}

}  // namespace memspice::synthesis
