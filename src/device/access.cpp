#include "device/access.hpp"

#include <cmath>
#include <limits>
#include <string>

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice::device {
namespace {

void require(bool holds, std::string_view place, const char* key, double value, const char* rule) {
  if (holds && std::isfinite(value)) return;
  throw InputError({.place = std::string(place) + '.' + key,
                    .value = to_text(value),
                    .rule = rule,
                    .remedy = "see the header of the device's file under netlists/cells"});
}

/// ln(1 + exp(x)) and its slope, for every x.
Conduction softplus(double x) {
  const double shrunk = std::exp(-std::abs(x));
  const double logistic = (x > 0 ? 1.0 : shrunk) / (1.0 + shrunk);
  return {std::max(x, 0.0) + std::log1p(shrunk), logistic};
}

/// For v >= 0 and the overdrive of the end that is the source.
Conduction level_1(double beta, double modulation, double overdrive, double v) {
  const double shortened = 1.0 + modulation * v;
  if (overdrive <= 0) return {};
  if (v < overdrive) {
    const double square = overdrive * v - 0.5 * v * v;
    return {beta * shortened * square, beta * (modulation * square + shortened * (overdrive - v))};
  }
  const double square = 0.5 * overdrive * overdrive;
  return {beta * shortened * square, beta * modulation * square};
}

}  // namespace

Conduction AccessTransistor::conduct(double v) const noexcept {
  const double beta = transconductance * width / length;
  if (v >= 0) return level_1(beta, modulation, overdrive(), v);
  // The inner end is the source now: at v below 0 V it also raises the overdrive.
  const double reach = -v;
  const Conduction at = level_1(beta, modulation, overdrive() + reach, reach);
  const double by_overdrive =
      reach < overdrive() + reach ? beta * (1.0 + modulation * reach) * reach : 0.0;
  return {-at.I, at.slope + by_overdrive};
}

void AccessTransistor::validate(std::string_view place) const {
  require(transconductance > 0, place, "transconductance", transconductance, "must be above 0");
  require(width > 0, place, "width", width, "must be above 0");
  require(length > 0, place, "length", length, "must be above 0");
  require(modulation >= 0, place, "modulation", modulation, "must be at least 0");
  require(true, place, "threshold", threshold, "must be finite");
  require(gate_voltage > threshold,
          place,
          "gate_voltage",
          gate_voltage,
          "must be above the transistor's threshold, or the cell is never on");
  require(gate_off < threshold,
          place,
          "gate_off",
          gate_off,
          "must be below the transistor's threshold, or the cell is never off");
}

Conduction ExponentialSelector::conduct(double v) const noexcept {
  return {I_0 * std::sinh(v / V_0), I_0 / V_0 * std::cosh(v / V_0)};
}

void ExponentialSelector::validate(std::string_view place) const {
  require(I_0 > 0, place, "i_0", I_0, "must be above 0");
  require(V_0 > 0, place, "v_0", V_0, "must be above 0");
}

Conduction ThresholdSelector::conduct(double v) const noexcept {
  const Conduction up = softplus((v - threshold) / sharpness);
  const Conduction down = softplus((-v - threshold) / sharpness);
  return {G_off * v + G_on * sharpness * (up.I - down.I), G_off + G_on * (up.slope + down.slope)};
}

void ThresholdSelector::validate(std::string_view place) const {
  require(G_off > 0, place, "g_off", G_off, "must be above 0: a selector always leaks");
  require(G_on > G_off, place, "g_on", G_on, "must be above g_off");
  require(threshold > 0, place, "threshold", threshold, "must be above 0");
  require(sharpness > 0, place, "sharpness", sharpness, "must be above 0");
}

void validate_access(const Access& access, std::string_view place) {
  std::visit(
      [place](const auto& device) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(device)>, std::monostate>) {
          device.validate(place);
        }
      },
      access);
}

Conduction conduct(const Access& access, double v) {
  return std::visit(
      [v](const auto& device) -> Conduction {
        if constexpr (std::is_same_v<std::decay_t<decltype(device)>, std::monostate>) {
          return {std::numeric_limits<double>::quiet_NaN(), 0.0};
        } else {
          return device.conduct(v);
        }
      },
      access);
}

double voltage_for(const Access& access, double I, double limit) {
  if (I == 0 || std::holds_alternative<std::monostate>(access)) return 0.0;
  const double sign = I > 0 ? 1.0 : -1.0;
  double low = 0.0;
  double high = std::abs(limit);
  if (!(std::abs(conduct(access, sign * high).I) >= std::abs(I))) {
    return std::numeric_limits<double>::infinity();
  }
  // Currents span many decades: bisection knows no bad start, and 200 halvings no rounding left.
  for (int step = 0; step < 200 && high - low > 1e-16 * high; ++step) {
    const double middle = 0.5 * (low + high);
    (std::abs(conduct(access, sign * middle).I) < std::abs(I) ? low : high) = middle;
  }
  return sign * high;
}

std::string_view cell_name(const Access& access) noexcept {
  if (std::holds_alternative<std::monostate>(access)) return "1r";
  return std::holds_alternative<AccessTransistor>(access) ? "1t1r" : "1s1r";
}

}  // namespace memspice::device
