#pragma once
// Building blocks of the models' parameter tables, and reading a completed card.

#include <string>

#include "base/error.hpp"
#include "device/memristor_card.hpp"

namespace memspice::device {

/// The value of a parameter of a completed card [SI].
inline double value_of(const MemristorCard& card, const std::string& name) {
  return card.parameters.at(name).value;
}

/// Initial state x [1].
ParameterRule initial_state_rule();
/// Width of the zone before a bound in which the rate fades [1].
ParameterRule edge_rule();
/// Rounding of a threshold, relative to it [1].
ParameterRule smooth_rule();
/// A resistance > 0 [Ohm].
ParameterRule resistance_rule(const std::string& name, const std::string& meaning);

/// Throws InputError with place `card.<name>` unless the first parameter is below the second.
void require_below(const MemristorCard& card, const std::string& low, const std::string& high);

}  // namespace memspice::device
