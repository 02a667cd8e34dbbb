#pragma once
// The phase-change reference laws; equations and sources in device/nonideality.hpp.

#include "device/nonideality.hpp"

namespace memspice::device {

/// Standard deviation of the programming error at a target [S]. G, g_max: [S], g_max > 0.
double phase_change_programming_sigma(double G, double g_max);

/// The distribution of a cell's drift exponent.
struct DriftExponent {
  double mean = 0.0, sigma = 0.0;
};
/// At a target G [S]; a cell without conductance counts as one at 1e-7 of g_max.
DriftExponent phase_change_drift(double G, double g_max);

}  // namespace memspice::device
