#include "device/phase_change.hpp"

#include <algorithm>
#include <cmath>

namespace memspice::device {

double phase_change_programming_sigma(double G, double g_max) {
  const double g = G / g_max;
  return g_max / 25.0 * (0.26348 + 1.9650 * g - 1.1731 * g * g);
}

DriftExponent phase_change_drift(double G, double g_max) {
  constexpr double least = 1e-7;  // both laws are long at their clamps there
  const double log_g = std::log(std::max(G / g_max, least));
  return {.mean = std::clamp(-0.0155 * log_g + 0.0244, 0.049, 0.1),
          .sigma = std::clamp(-0.0125 * log_g - 0.0059, 0.008, 0.045)};
}

}  // namespace memspice::device
