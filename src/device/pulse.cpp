#include "device/pulse.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "device/trace.hpp"
#include "device/unit_time.hpp"

namespace memspice::device {
namespace {

constexpr long kMostSteps = 1'000'000;

/// State and charge of the pulsed device: (x, q / q_0) over t / width, so that both are of order 1.
class PulsedDevice {
 public:
  PulsedDevice(const Memristor& memristor, const Pulse& pulse, double series, double x)
      : memristor_(memristor), pulse_(pulse), series_(series) {
    unit_charge_ = std::abs(current(x)) * pulse.width;
    if (unit_charge_ == 0.0) unit_charge_ = 1.0;
  }

  double unit_charge() const { return unit_charge_; }

  void operator()(const TwoStates& y, TwoStates& dydt, double) const {
    const double v = device_voltage(memristor_, pulse_.amplitude, series_, y(0));
    dydt(0) = pulse_.width * memristor_.state_rate(v, y(0));
    dydt(1) = pulse_.width / unit_charge_ * memristor_.current(v, y(0));
  }

  void jacobian(const TwoStates& y, TwoByTwo& J, double t, TwoStates& dfdt) const {
    constexpr double step = 1e-6;  // about the cube root of the rounding error
    TwoStates near(y), low(2), high(2);
    near(0) = y(0) - step;
    (*this)(near, low, t);
    near(0) = y(0) + step;
    (*this)(near, high, t);
    for (int k = 0; k < 2; ++k) {
      J(k, 0) = (high(k) - low(k)) / (2.0 * step);
      J(k, 1) = dfdt(k) = 0.0;
    }
  }

 private:
  double current(double x) const {
    return memristor_.current(device_voltage(memristor_, pulse_.amplitude, series_, x), x);
  }

  const Memristor& memristor_;
  const Pulse& pulse_;
  double series_;
  double unit_charge_ = 1.0;
};

PulseOutcome failure(double x, double t, const char* what) {
  return {.x = x,
          .ok = false,
          .message = "the state equation " + std::string(what) + " at " +
                     to_text_rounded(100.0 * t, 4) + " % of a pulse, x = " + to_text(x) +
                     "; lower the amplitude, shorten the pulse or add a series resistance"};
}

}  // namespace

PulseOutcome apply_pulse(const Memristor& memristor, double x, const Pulse& pulse, double series) {
  const PulsedDevice device(memristor, pulse, series, x);
  TwoStates y(2);
  y(0) = x;
  y(1) = 0.0;
  const UnitTime course = integrate_unit_time(device, y, kMostSteps);
  if (course.end == UnitTime::End::NotFinite) return failure(x, course.t, "is not finite");
  if (course.end != UnitTime::End::Done) return failure(y(0), course.t, "needs too many steps");
  // A step may end beyond a bound by its error; the state has no meaning there.
  return {.x = std::clamp(y(0), 0.0, 1.0), .charge = y(1) * device.unit_charge()};
}

}  // namespace memspice::device
