#include "device/parameters.hpp"

#include "base/text.hpp"

namespace memspice::device {

ParameterRule initial_state_rule() {
  return {.name = "x_init",
          .unit = "",
          .low = 0.0,
          .high = 1.0,
          .meaning = "initial state x",
          .is_required = true};
}

ParameterRule edge_rule() {
  return {.name = "edge",
          .unit = "",
          .low = 1e-4,
          .high = 0.5,
          .meaning = "width of the zone before a bound in which the rate fades to zero",
          .is_required = false,
          .fallback = 0.001};
}

ParameterRule smooth_rule() {
  return {.name = "smooth",
          .unit = "",
          .low = 1e-4,
          .high = 1.0,
          .meaning = "rounding of a threshold, as a share of it",
          .is_required = false,
          .fallback = 0.005};
}

ParameterRule resistance_rule(const std::string& name, const std::string& meaning) {
  return {.name = name, .unit = "Ohm", .low = 1e-3, .high = 1e15, .meaning = meaning};
}

void require_below(const MemristorCard& card, const std::string& low, const std::string& high) {
  if (value_of(card, low) < value_of(card, high)) return;
  throw InputError({.place = "card." + high,
                    .value = to_text(value_of(card, high)),
                    .rule = "must be above " + low + " = " + to_text(value_of(card, low)),
                    .remedy = "the window is upside down: exchange the two or mend their units"});
}

}  // namespace memspice::device
