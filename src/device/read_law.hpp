#pragma once
// How arrays are built of a model that is known only as a subcircuit: which of its parameters
// carries the conductance of a cell, and within which window.
//
//   linear in G:  parameter = (G - at_0) / (at_1 - at_0)        at_0 = 0, at_1 = 1: it is G itself
//   linear in R:  parameter = (1/G - at_0) / (at_1 - at_0)      at_0 = 0, at_1 = 1: it is R itself

#include <string>

#include "device/conductance_window.hpp"

namespace memspice::device {

struct ReadLaw {
  std::string parameter;          ///< of the subcircuit
  bool is_in_resistance = false;  ///< the parameter moves R, not G, linearly
  double at_0 = 0.0;              ///< small-signal G [S] (or R [Ohm]) where the parameter is 0
  double at_1 = 1.0;              ///< the same where it is 1; != at_0
  ConductanceWindow window;       ///< what cells may be programmed to
  double alpha =
      0.0;  ///< curvature of I(v) for estimates of power: I = G sinh(alpha v)/alpha [1/V]

  /// The parameter's value for a cell of G [S] > 0.
  double parameter_for(double G) const noexcept {
    return ((is_in_resistance ? 1.0 / G : G) - at_0) / (at_1 - at_0);
  }
  /// The cell's G [S] for a value of the parameter.
  double conductance_for(double value) const noexcept {
    const double linear = at_0 + (at_1 - at_0) * value;
    return is_in_resistance ? 1.0 / linear : linear;
  }
};

}  // namespace memspice::device
