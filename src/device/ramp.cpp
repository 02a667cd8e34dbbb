#include "device/ramp.hpp"

#include "device/small_ublas.hpp"  // before Boost.Odeint

#include <algorithm>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/rosenbrock4.hpp>
#include <boost/numeric/odeint/stepper/rosenbrock4_controller.hpp>
#include <boost/numeric/ublas/matrix.hpp>
#include <boost/numeric/ublas/vector.hpp>
#include <cmath>
#include <limits>
#include <utility>

#include "device/smooth.hpp"

namespace memspice::device {
namespace {

using RampVector = boost::numeric::ublas::vector<double>;
using RampMatrix = boost::numeric::ublas::matrix<double>;

// Of x, per step: far below what a reading resolves.
constexpr double kRampAbsoluteTolerance = 1e-8;
constexpr double kRampRelativeTolerance = 1e-7;
constexpr long kMostRampSteps = 100'000;

/// x and t / width over t / width: time is a second state because the terms that Boost 1.74's
/// stepper has for a rate that depends on t leave it of first order.
class RampedDevice {
 public:
  RampedDevice(const Memristor& memristor, const VoltageRamp& ramp)
      : memristor_(memristor), ramp_(ramp), fastest_(kSwitchesPerTransient / ramp.width) {}

  void operator()(const RampVector& y, RampVector& dydt, double) const {
    dydt(0) = rate(y(0), y(1));
    dydt(1) = 1.0;
  }

  void jacobian(const RampVector& y, RampMatrix& J, double, RampVector& dfdt) const {
    constexpr double step = 1e-6;  // about the cube root of the rounding error
    J(0, 0) = (rate(y(0) + step, y(1)) - rate(y(0) - step, y(1))) / (2.0 * step);
    J(0, 1) = (rate(y(0), y(1) + step) - rate(y(0), y(1) - step)) / (2.0 * step);
    J(1, 0) = J(1, 1) = dfdt(0) = dfdt(1) = 0.0;
  }

 private:
  double rate(double x, double share) const {
    const double v = ramp_.from + (ramp_.to - ramp_.from) * share;
    return ramp_.width * limited(memristor_.state_rate(v, x), x, fastest_);
  }

  const Memristor& memristor_;
  const VoltageRamp& ramp_;
  double fastest_;  // [1/s]
};

}  // namespace

double state_after(const Memristor& memristor, double x, const VoltageRamp& ramp) {
  namespace odeint = boost::numeric::odeint;
  const RampedDevice device(memristor, ramp);
  const auto jacobian = [&](const RampVector& y, RampMatrix& J, double t, RampVector& dfdt) {
    device.jacobian(y, J, t, dfdt);
  };
  auto stepper = odeint::make_controlled(
      kRampAbsoluteTolerance, kRampRelativeTolerance, odeint::rosenbrock4<double>());
  RampVector y(2);
  y(0) = x;
  y(1) = 0.0;
  double t = 0.0, dt = 1.0;  // between two readings one step is mostly enough
  for (long steps = 0; t < 1.0 - 1e-12; ++steps) {
    dt = std::min(dt, 1.0 - t);
    stepper.try_step(std::make_pair(std::cref(device), jacobian), y, t, dt);
    if (!std::isfinite(y(0)) || steps == kMostRampSteps || !(dt > 1e-15)) {
      return std::numeric_limits<double>::quiet_NaN();
    }
  }
  return within_bounds(y(0));
}

}  // namespace memspice::device
