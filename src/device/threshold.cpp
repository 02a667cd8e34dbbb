#include "device/threshold.hpp"

#include <cmath>

#include "device/parameters.hpp"
#include "device/smooth.hpp"

namespace memspice::device {

ParameterTable Threshold::parameters() {
  return {
      resistance_rule("r_on", "resistance at x = 0"),
      resistance_rule("r_off", "resistance at x = 1"),
      {.name = "v_t", .unit = "V", .low = 1e-6, .high = 1e3, .meaning = "threshold, above zero"},
      {.name = "alpha",
       .unit = "Ohm/(V s)",
       .low = 0,
       .high = 1e25,
       .meaning = "rate of the resistance within the threshold"},
      {.name = "beta",
       .unit = "Ohm/(V s)",
       .low = 1e-6,
       .high = 1e25,
       .meaning = "rate of the resistance beyond the threshold"},
      initial_state_rule(),
      smooth_rule(),
      edge_rule()};
}

Threshold::Threshold(const MemristorCard& card)
    : Memristor(value_of(card, "x_init")),
      r_on_(value_of(card, "r_on")),
      r_off_(value_of(card, "r_off")),
      v_t_(value_of(card, "v_t")),
      slow_(value_of(card, "alpha") / (r_off_ - r_on_)),
      fast_(value_of(card, "beta") / (r_off_ - r_on_)),
      smooth_(value_of(card, "smooth")),
      edge_(value_of(card, "edge")) {
  require_below(card, "r_on", "r_off");
}

double Threshold::state_rate(double v, double x) const noexcept {
  const double over = ramp(std::abs(v) - v_t_, smooth_ * v_t_);
  const double rate = slow_ * std::clamp(v, -v_t_, v_t_) + std::copysign(fast_ * over, v);
  return bounded(rate, x, edge_);
}

}  // namespace memspice::device
