#pragma once
// Switches with a continuous slope, so that Newton's method and the integrators see no step.
//
//   ramp(y)  = 0                      y <= 0         a threshold: exactly 0 below it,
//            = y^2 (2 s - y) / s^2    0 < y < s      exactly y beyond the rounding s
//            = y                      y >= s
//   edge(u)  = c (2 - c), c = min(u, 1)           a bound: 0 at it, 1 from u = 1 on
//   bounded(r) = r edge((1 - x) / w) for r > 0,  r edge(x / w) for r < 0
//
// Beyond the bound (u < 0) edge is negative and smooth: a state that a rounding error put there is
// drawn back, and Newton's method sees no corner at the very point where states come to rest (with
// one, ngspice's step falls by orders of magnitude on a device that is held at its bound).
//
// Every subcircuit in device_models/ writes the same three functions with the same s and w.

#include <algorithm>

namespace memspice::device {

/// max(y, 0) with its corner rounded over 0 < y < s; s > 0.
inline double ramp(double y, double s) noexcept {
  if (y <= 0.0) return 0.0;
  return y < s ? y * y * (2.0 * s - y) / (s * s) : y;
}

/// Slope of ramp at y.
inline double ramp_slope(double y, double s) noexcept {
  if (y <= 0.0) return 0.0;
  return y < s ? y * (4.0 * s - 3.0 * y) / (s * s) : 1.0;
}

inline double edge(double u) noexcept {
  const double c = std::min(u, 1.0);
  return c * (2.0 - c);
}

/// A rate [1/s] that fades to zero over the width `w` before the bound of x that it moves towards.
inline double bounded(double rate, double x, double w) noexcept {
  return rate > 0.0 ? rate * edge((1.0 - x) / w) : rate * edge(x / w);
}

}  // namespace memspice::device
