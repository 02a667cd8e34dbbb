#pragma once
// Two states over one unit of time, for a device under a pulse or between two readings:
// Rosenbrock's method of order 4 with error control. For sources alone: it brings Boost.Odeint.

#include "device/small_ublas.hpp"  // before Boost.Odeint

#include <algorithm>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/rosenbrock4.hpp>
#include <boost/numeric/odeint/stepper/rosenbrock4_controller.hpp>
#include <boost/numeric/ublas/matrix.hpp>
#include <boost/numeric/ublas/vector.hpp>
#include <cmath>
#include <functional>
#include <utility>

namespace memspice::device {

using TwoStates = boost::numeric::ublas::vector<double>;
using TwoByTwo = boost::numeric::ublas::matrix<double>;

/// How far the integration came, and what ended it.
struct UnitTime {
  enum class End { Done, NotFinite, TooManySteps };
  End end = End::Done;
  double t = 1.0;  ///< of the last state
};

/// `device`: dy/dt as operator()(y, dydt, t), and jacobian(y, J, t, dfdt). y: both of order 1, and
/// what becomes of them.
template <typename Device>
UnitTime integrate_unit_time(const Device& device, TwoStates& y, long most_steps) {
  namespace odeint = boost::numeric::odeint;
  // Per step: far below what write-verify or a reading resolves, and cheap at order 4.
  constexpr double absolute_tolerance = 1e-8, relative_tolerance = 1e-7;
  const auto jacobian = [&](const TwoStates& at, TwoByTwo& J, double t, TwoStates& dfdt) {
    device.jacobian(at, J, t, dfdt);
  };
  auto stepper = odeint::make_controlled(
      absolute_tolerance, relative_tolerance, odeint::rosenbrock4<double>());
  double t = 0.0, dt = 1.0;  // one step is mostly enough
  for (long steps = 0; t < 1.0 - 1e-12; ++steps) {
    dt = std::min(dt, 1.0 - t);
    stepper.try_step(std::make_pair(std::cref(device), jacobian), y, t, dt);
    if (!std::isfinite(y(0))) return {UnitTime::End::NotFinite, t};
    if (steps == most_steps || !(dt > 1e-15)) return {UnitTime::End::TooManySteps, t};
  }
  return {};
}

}  // namespace memspice::device
