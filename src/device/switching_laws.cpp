#include "device/switching_laws.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "device/stanford_rram.hpp"
#include "device/switching_start.hpp"
#include "device/team.hpp"
#include "device/yakopcic.hpp"

namespace memspice::device {
namespace {

using ParameterRange = FreeParameter::Range;

/// Shares of the largest voltage at which thresholds are tried, and exponents with them.
constexpr double kThresholdShares[] = {0.25, 0.5, 0.75};
/// Of the largest voltage: below it a threshold makes no difference.
constexpr double kLeastThreshold = 0.1;
constexpr double kExponents[] = {2.0, 4.0};

/// What a start supposes.
struct StartGuess {
  double share = 0.5;     // of the largest voltage, at which the threshold lies
  double exponent = 2.0;  // of the speed beyond it
};

constexpr const char* kOneAmplitude = "held: one amplitude of this sign tells a speed alone";
constexpr const char* kTwoAmplitudes = "held: two amplitudes of this sign tell no exponent";

FreeParameter positive(const std::string& name, double start) {
  return {.name = name, .start = start, .range = ParameterRange::Positive};
}

FreeParameter between(const std::string& name, double start, double low, double high) {
  return {.name = name, .start = start, .range = ParameterRange::Between, .low = low, .high = high};
}

/// One direction of VTEAM: k, v and alpha as the speed at V_ref, its steepness d ln|dx/dt| / d ln v
/// there, and the threshold.
SearchCoordinates vteam_coordinates(const std::vector<FreeParameter>& of_card, double V_ref) {
  const FreeParameter &k = of_card[0], &v = of_card[1], &alpha = of_card[2];
  const double sign = k.start < 0.0 ? -1.0 : 1.0, over = V_ref / std::abs(v.start) - 1.0;
  const std::string speed = "speed at V_ref of " + k.name, steepness = "steepness of " + k.name;
  const std::string distance = "threshold of " + k.name;
  return {.of_search = {{.name = speed,
                         .start = std::abs(k.start) * std::pow(over, alpha.start),
                         .range = ParameterRange::Positive},
                        {.name = steepness,
                         .start = alpha.start * (1.0 + 1.0 / over),
                         .range = ParameterRange::Positive},
                        {.name = distance,
                         .start = std::abs(v.start),
                         .range = ParameterRange::Between,
                         .low = kLeastThreshold * V_ref,
                         .high = V_ref}},
          .of_card = of_card,
          .to_card = [=, names = std::array{k.name, v.name, alpha.name}](NamedValues& values) {
            const double share = values[distance] / V_ref;
            const double power = values[steepness] * (1.0 - share);
            values[names[0]] = sign * values[speed] * std::pow(share / (1.0 - share), power);
            values[names[1]] = sign * values[distance];
            values[names[2]] = power;
          }};
}

/// Threshold, exponent and speed of one direction of VTEAM; `drive_sign` as the data count.
void add_vteam_direction(StartBuilder& start,
                         const Exposures& drive,
                         double drive_sign,
                         int amplitudes,
                         bool is_off,
                         const StartGuess& guess) {
  constexpr double kWidth = 1e-9;          // of w_off - w_on
  constexpr double kReferenceShare = 0.9;  // of the largest voltage: below it most switching ends
  const std::string side = is_off ? "off" : "on";
  const double largest = std::max((drive_sign * drive.v).maxCoeff(), 1e-3);
  const double threshold = guess.share * largest;
  const double power = amplitudes < 2 ? 1.0 : guess.exponent;
  const double rate = speed_of_one_switch(drive, drive_sign, [&](double v) {
    return v > threshold ? std::pow(v / threshold - 1.0, power) : 0.0;
  });
  const auto range = is_off ? ParameterRange::Positive : ParameterRange::Negative;
  const double sign = is_off ? 1.0 : -1.0;
  const FreeParameter k{.name = "k_" + side, .start = sign * rate * kWidth, .range = range};
  const FreeParameter v{.name = "v_" + side, .start = sign * threshold, .range = range};
  const FreeParameter alpha{.name = "alpha_" + side,
                            .start = power,
                            .range = ParameterRange::Between,
                            .low = 1,
                            .high = 20};
  if (amplitudes >= 3) {
    start.free_along(vteam_coordinates({k, v, alpha}, kReferenceShare * largest));
    return;
  }
  start.free(k);
  start.free_if(amplitudes == 2, v, kOneAmplitude);
  start.free_if(false, alpha, amplitudes < 2 ? kOneAmplitude : kTwoAmplitudes);
}

SwitchingStart vteam_start(const SwitchingFeatures& data,
                           const NamedValues& held,
                           const StartGuess& guess) {
  StartBuilder start(Vteam::kName, held);
  start.reverse(data.positive_raises);  // a positive voltage of the model raises the resistance
  const double r_on = 1.0 / data.G_high, r_off = 1.0 / data.G_low;
  start.free(positive("r_on", r_on));
  start.free(positive("r_off", r_off));
  start.hold("w_on", 0.0, "held: the width of the gap is told by no current");
  start.hold("w_off", 1e-9, "held: k / (w_off - w_on) alone acts");
  start.hold("iv", 0.0, "chosen: the resistance is linear in the state");
  start.hold("window", 0.0, "chosen: no window");
  const double off_sign = data.positive_raises ? -1.0 : 1.0;
  const int up = data.amplitudes_up, down = data.amplitudes_down;
  const Exposures& drive = data.drive;
  add_vteam_direction(start, drive, off_sign, off_sign > 0 ? up : down, true, guess);
  add_vteam_direction(start, drive, -off_sign, off_sign > 0 ? down : up, false, guess);
  const double x = (1.0 / data.G_start - r_on) / (r_off - r_on);
  start.free(between("x_init", std::clamp(x, 0.02, 0.98), 0.0, 1.0));
  return start.done();
}

void add_yakopcic_direction(StartBuilder& start,
                            const Exposures& drive,
                            double drive_sign,
                            int amplitudes,
                            const std::string& side,
                            double share) {
  const double largest = std::max((drive_sign * drive.v).maxCoeff(), 1e-3);
  const double threshold = share * largest;
  const double speed = speed_of_one_switch(
      drive, drive_sign, [&](double v) { return std::exp(v) - std::exp(threshold); });
  start.free(positive("speed_" + side, speed));
  start.free_if(amplitudes >= 2, positive("v_" + side, threshold), kOneAmplitude);
}

SwitchingStart yakopcic_start(const SwitchingFeatures& data,
                              const NamedValues& held,
                              const StartGuess& guess) {
  StartBuilder start(Yakopcic::kName, held);
  const double b = 1.0 / std::max(data.largest_up(), data.largest_down());
  const double a = data.G_high / b;
  start.free(positive("a_1", a));
  if (data.has_currents) {
    start.free(positive("a_2", a));
  } else {
    start.tie("a_2", "a_1", a, "held: equal to a_1, conductances tell no negative currents");
  }
  start.free_if(data.has_currents, positive("b", b), "held: conductances tell no curvature");
  start.hold("eta", data.positive_raises ? 1.0 : -1.0, "read off: the sign that raises G");
  add_yakopcic_direction(start, data.drive, 1.0, data.amplitudes_up, "p", guess.share);
  add_yakopcic_direction(start, data.drive, -1.0, data.amplitudes_down, "n", guess.share);
  for (const char* name : {"x_p", "x_n"}) {
    start.free(between(name, 0.5, 0.0, 0.999));
  }
  for (const char* name : {"alpha_p", "alpha_n"}) {
    start.free(between(name, guess.exponent, 0.0, 100.0));
  }
  start.free(between("x_init", std::clamp(data.G_start / data.G_high, 0.02, 0.98), 0.0, 1.0));
  return start.done();
}

/// Where the gap's speed is sought: kT at room temperature [eV], the filament's heating [K].
constexpr double kRoomEnergy = 0.0257, kHeatings[] = {200.0, 60.0, 20.0};
constexpr double kMostHeating = 2000.0;

SwitchingStart stanford_start(const SwitchingFeatures& data,
                              const NamedValues& held,
                              const StartGuess& guess) {
  constexpr double kDecay = 0.25e-9, kLeastGap = 0.2e-9, kHop = 0.25e-9, kThickness = 12e-9;
  constexpr double kActivation = 0.6, kWidestGamma = 16.0;
  const char* const length = "held: lengths count in decay lengths alone";
  StartBuilder start(StanfordRram::kName, held);
  start.reverse(!data.positive_raises);
  const double V = std::max(data.largest_up(), data.largest_down());
  const double v_0 = V / (1.0 + guess.exponent), G = data.G_high;
  const double span = kDecay * std::log(data.G_high / data.G_low);
  const double gamma = kWidestGamma * std::min(1.0, 1.0 / (guess.share * V));
  const double rate =
      speed_of_one_switch(data.drive, data.positive_raises ? 1.0 : -1.0, [&](double v) {
        return std::exp(-kActivation / kRoomEnergy) *
               std::sinh(gamma * kHop / kThickness * v / kRoomEnergy) / span;
      });
  const auto heating = kHeatings[static_cast<std::size_t>(4.0 * guess.share) - 1];
  start.free(positive("i_0", G * v_0 * std::exp(kLeastGap / kDecay)));
  start.hold("g_0", kDecay, length);
  start.free_if(data.has_currents, positive("v_0", v_0), "held: conductances tell no curvature");
  start.free(positive("speed", rate));
  start.hold("e_a", kActivation, "held: speed exp(-e_a / kT) alone acts but for the heating");
  start.free(positive("gamma_0", gamma));
  start.free(between("beta", 0.05 * gamma, 0.0, kWidestGamma));
  start.hold("g_1", 1e-9, "held: beta / g_1^3 alone acts");
  start.hold("a_0", kHop, "held: gamma_0 a_0 / l alone acts");
  start.hold("l", kThickness, "held: gamma_0 a_0 / l alone acts");
  start.hold("t_0",
             data.temperature.value_or(298.0),
             data.temperature ? "held: as measured" : "held: room temperature, the data say none");
  start.free(between("r_th", heating / (G * V * V), 0.0, kMostHeating / (G * V * V)));
  start.hold("gap_min", kLeastGap, length);
  start.free(positive("gap_max", kLeastGap + span));
  const double x = std::log(data.G_start / data.G_low) / std::log(data.G_high / data.G_low);
  start.free(between("x_init", std::clamp(x, 0.02, 0.98), 0.0, 1.0));
  return start.done();
}

using MakeStart = SwitchingStart (*)(const SwitchingFeatures&,
                                     const NamedValues&,
                                     const StartGuess&);
constexpr std::pair<std::string_view, MakeStart> kSwitchingModels[] = {
    {Vteam::kName, vteam_start},
    {Yakopcic::kName, yakopcic_start},
    {StanfordRram::kName, stanford_start}};

}  // namespace

std::vector<std::string> switching_models() {
  std::vector<std::string> names;
  for (const auto& [name, make] : kSwitchingModels) names.emplace_back(name);
  return names;
}

std::vector<SwitchingStart> switching_starts(const std::string& model,
                                             const SwitchingFeatures& features,
                                             const NamedValues& held) {
  for (const auto& [name, make] : kSwitchingModels) {
    if (name != model) continue;
    std::vector<SwitchingStart> starts;
    for (const double share : kThresholdShares) {
      for (const double exponent : kExponents) {
        starts.push_back(make(features, held, {share, exponent}));
      }
    }
    return starts;
  }
  reject("--model",
         in_quotes(model),
         "is fitted to no sweep or pulse",
         suggest(model, switching_models()));
}

}  // namespace memspice::device
