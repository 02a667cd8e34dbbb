#include "device/ramp.hpp"

#include <limits>

#include "device/smooth.hpp"
#include "device/unit_time.hpp"

namespace memspice::device {
namespace {

constexpr long kMostRampSteps = 100'000;

/// x and t / width over t / width: time is a second state because the terms that Boost 1.74's
/// stepper has for a rate that depends on t leave it of first order.
class RampedDevice {
 public:
  RampedDevice(const Memristor& memristor, const VoltageRamp& ramp)
      : memristor_(memristor), ramp_(ramp), fastest_(kSwitchesPerTransient / ramp.width) {}

  void operator()(const TwoStates& y, TwoStates& dydt, double) const {
    dydt(0) = rate(y(0), y(1));
    dydt(1) = 1.0;
  }

  void jacobian(const TwoStates& y, TwoByTwo& J, double, TwoStates& dfdt) const {
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
  const RampedDevice device(memristor, ramp);
  TwoStates y(2);
  y(0) = x;
  y(1) = 0.0;
  const UnitTime course = integrate_unit_time(device, y, kMostRampSteps);
  if (course.end != UnitTime::End::Done) return std::numeric_limits<double>::quiet_NaN();
  return within_bounds(y(0));
}

}  // namespace memspice::device
