#pragma once

#include <cmath>

namespace memspice::engine {

/// No circuit of memristors reaches 1e11 V or A: Newton's method of ngspice 39 can take an
/// overflowing exponential for a converged point, and such points lie beyond it.
inline bool is_plausible(double value) {
  constexpr double largest = 1e11;
  return std::isfinite(value) && std::abs(value) <= largest;
}

}  // namespace memspice::engine
