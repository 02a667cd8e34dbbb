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
// one, ngspice's step falls by orders of magnitude on a device that is held at its bound). No
// window weakens that pull, and currents are those of within_bounds(x): a rounding error beyond a
// bound gives no resistance that the device cannot have.
//
// Every subcircuit in device_models/ writes the same three functions with the same s and w.

#include <algorithm>
#include <cmath>

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

/// A published runaway passes 1e26/s, where no time step resolves it. A transient takes no rate
/// above this many whole switches over its length: far below any resolution.
inline constexpr double kSwitchesPerTransient = 1e8;

/// The rate that a transient takes for `rate` [1/s] at x: never above `fastest`, which fades before
/// the bound that it moves towards (beyond one: back to), so that the limit has no corner there.
inline double limited(double rate, double x, double fastest) noexcept {
  constexpr double kZone = 1e-3;
  const bool is_beyond = x < 0.0 || x > 1.0;
  const bool is_upper = is_beyond ? x > 1.0 : rate > 0.0;
  const double distance = std::abs(is_upper ? 1.0 - x : x);
  const double limit = fastest * std::clamp(distance / kZone, 1e-12, 1.0);
  return rate / (1.0 + std::abs(rate) / limit);
}

/// The nearest state that can be [1].
inline double within_bounds(double x) noexcept {
  return std::clamp(x, 0.0, 1.0);
}

}  // namespace memspice::device
