#pragma once
// Which numbers a solve can vouch for.

#include <cmath>

namespace memspice::crossbar {

/// Resistances, conductances and voltages in SI that products and squares of doubles still hold;
/// beyond them a residual would vanish or overflow by itself.
inline constexpr double kSmallestSolvable = 1e-30;
inline constexpr double kLargestSolvable = 1e30;

/// 0 is exact everywhere.
constexpr bool is_solvable(double magnitude) {
  return magnitude == 0.0 || (magnitude >= kSmallestSolvable && magnitude <= kLargestSolvable);
}

/// The larger of two residuals; one that is no number is worse than any.
inline double worse(double a, double b) {
  return std::isnan(a) || a >= b ? a : b;
}

}  // namespace memspice::crossbar
