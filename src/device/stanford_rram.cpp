#include "device/stanford_rram.hpp"

#include <algorithm>
#include <cmath>

#include "device/parameters.hpp"
#include "device/smooth.hpp"

namespace memspice::device {
namespace {

// CODATA 2018: k [J/K] over e [C].
constexpr double kBoltzmann = 8.617333262e-5;  // [eV/K]

// Beyond any drive: they keep sinh within a double while Newton's method searches.
constexpr double kLargestVoltage = 40.0;  // in v_0
constexpr double kLargestField = 80.0;    // in kT

double clipped(double argument, double largest) {
  return std::clamp(argument, -largest, largest);
}

ParameterRule rule(const std::string& name,
                   const std::string& unit,
                   double low,
                   double high,
                   const std::string& meaning) {
  return {.name = name, .unit = unit, .low = low, .high = high, .meaning = meaning};
}

}  // namespace

ParameterTable StanfordRram::parameters() {
  return {rule("i_0", "A", 1e-15, 1e3, "height of the current"),
          rule("g_0", "m", 1e-12, 1e-7, "decay length of the current across the gap"),
          rule("v_0", "V", 1e-2, 1e2, "curvature of the current"),
          rule("speed", "m/s", 1e-12, 1e12, "attempt speed of the gap"),
          rule("e_a", "eV", 0, 10, "activation energy"),
          rule("gamma_0", "", 0, 1e3, "field enhancement at no gap"),
          rule("beta", "", 0, 1e3, "fall of the enhancement with the gap"),
          rule("g_1", "m", 1e-12, 1e-6, "gap that scales beta"),
          rule("a_0", "m", 1e-12, 1e-8, "hopping distance"),
          rule("l", "m", 1e-10, 1e-6, "oxide thickness"),
          rule("t_0", "K", 1, 2000, "ambient temperature"),
          rule("r_th", "K/W", 0, 1e9, "thermal resistance of the filament"),
          rule("gap_min", "m", 0, 1e-6, "gap at x = 1"),
          rule("gap_max", "m", 1e-12, 1e-6, "gap at x = 0"),
          initial_state_rule(),
          edge_rule()};
}

StanfordRram::StanfordRram(const MemristorCard& card)
    : Memristor(value_of(card, "x_init")),
      i_0_(value_of(card, "i_0")),
      g_0_(value_of(card, "g_0")),
      v_0_(value_of(card, "v_0")),
      speed_(value_of(card, "speed")),
      e_a_(value_of(card, "e_a")),
      gamma_0_(value_of(card, "gamma_0")),
      beta_(value_of(card, "beta")),
      g_1_(value_of(card, "g_1")),
      a_0_(value_of(card, "a_0")),
      l_(value_of(card, "l")),
      t_0_(value_of(card, "t_0")),
      r_th_(value_of(card, "r_th")),
      gap_min_(value_of(card, "gap_min")),
      gap_max_(value_of(card, "gap_max")),
      edge_(value_of(card, "edge")) {
  require_below(card, "gap_min", "gap_max");
}

double StanfordRram::current(double v, double x) const noexcept {
  return i_0_ * std::exp(-gap(x) / g_0_) * std::sinh(clipped(v / v_0_, kLargestVoltage));
}

double StanfordRram::conductance(double v, double x) const noexcept {
  return i_0_ * std::exp(-gap(x) / g_0_) * std::cosh(clipped(v / v_0_, kLargestVoltage)) / v_0_;
}

double StanfordRram::state_rate(double v, double x) const noexcept {
  const double thermal = kBoltzmann * (t_0_ + v * current(v, x) * r_th_);  // kT/q [V]
  const double gamma = gamma_0_ - beta_ * std::pow(gap(x) / g_1_, 3.0);
  const double field = clipped(gamma * a_0_ / l_ * v / thermal, kLargestField);
  const double hops = std::exp(-e_a_ / thermal) * std::sinh(field);
  return bounded(speed_ * hops / (gap_max_ - gap_min_), x, edge_);
}

}  // namespace memspice::device
