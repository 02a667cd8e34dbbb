#pragma once
// A device under a drive: state, current and resistance over time.
//
//   drive V(t) -- series R -- device (v, I, x)          v + R I(v, x) = V(t)
//   dx/dt = f(v, x)
//
// Integrated by Rosenbrock's method of order 4 with error control (Boost.Odeint; Hairer and Wanner,
// Solving ODEs II, section IV.7): L-stable, because near a bound and beyond a threshold these
// equations are stiff by many orders. The integration stops at each corner of the drive, so that no
// step straddles one.

#include <Eigen/Core>
#include <string>

#include "device/drive.hpp"
#include "device/memristor.hpp"

namespace memspice::device {

struct TraceOptions {
  Drive drive;
  double series = 0.0;                ///< load resistor [Ohm], >= 0
  int points = 1001;                  ///< of the result, >= 2, from 0 to the drive's duration
  double relative_tolerance = 1e-8;   ///< of x, per step
  double absolute_tolerance = 1e-10;  ///< of x, per step
  long max_steps = 10'000'000;        ///< accepted and rejected, > 0
  void validate(std::string_view place) const;  ///< throws InputError
};

struct TraceSummary {
  enum class Termination { Done, StepTooSmall, TooManySteps, NotFinite, Simulator };
  Termination termination = Termination::Done;
  long steps = 0;  ///< accepted
  long rejected = 0;
  std::string message;  ///< what ended it, at which time and state, and a remedy
};

/// One row per point. On failure: the points before it, and the Summary says why it ended.
struct Trace {
  Eigen::VectorXd time;        ///< [s]
  Eigen::VectorXd voltage;     ///< across the device [V]
  Eigen::VectorXd current;     ///< [A]
  Eigen::VectorXd state;       ///< x [1]
  Eigen::VectorXd resistance;  ///< v / I; at v = 0 the small-signal one [Ohm]
  TraceSummary summary;
  bool ok() const noexcept { return summary.termination == TraceSummary::Termination::Done; }
};

/// Starts at the model's initial state.
Trace trace(const Memristor& memristor, const TraceOptions& options);

/// The voltage v across the device behind `series` [Ohm] at a drive of `level` [V]: the root of
/// v + series I(v, x) = level, which is unique because I rises with v.
double device_voltage(const Memristor& memristor, double level, double series, double x);

/// v / i, or the small-signal resistance where v is 0 [Ohm].
double resistance_at(const Memristor& memristor, double v, double i, double x);

/// n uniform times from 0 to `duration` [s].
Eigen::VectorXd uniform_times(double duration, int n);

/// The area of the loop I(v) over the trace, the sum of its lobes' absolute areas [V A]: split at
/// the zeros of v.
double loop_area(const Trace& trace);

}  // namespace memspice::device
