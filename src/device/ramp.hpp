#pragma once
// The state of a device whose voltage runs straight from one value to the next: what lies between
// two readings of a sweep.
//
//   v(t) = from + (to - from) t / width,   dx/dt = f(v, x)
//
// Integrated as device/pulse.hpp does, by Rosenbrock's method of order 4 with error control.

#include "device/memristor.hpp"

namespace memspice::device {

struct VoltageRamp {
  double from = 0.0, to = 0.0;  ///< [V]
  double width = 0.0;           ///< [s], > 0
};

/// The state after `ramp`, from x; not a number where the equation cannot be integrated.
double state_after(const Memristor& memristor, double x, const VoltageRamp& ramp);

}  // namespace memspice::device
