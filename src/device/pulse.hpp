#pragma once
// One rectangular voltage pulse on a memristor behind a resistance.
//
//   level -- series R -- device (v, I, x)      v + R I(v, x) = level,   dx/dt = f(v, x)
//
// What a cell of an array sees of a write pulse: its lines as their Thevenin equivalent. Integrated
// as device/trace.hpp does, by Rosenbrock's method of order 4 with error control.

#include <string>

#include "device/memristor.hpp"

namespace memspice::device {

struct Pulse {
  double amplitude = 0.0;  ///< from p to n, signed [V]
  double width = 0.0;      ///< [s], > 0
};

/// How a pulse went.
struct PulseOutcome {
  double x = 0.0;       ///< state at its end [1]
  double charge = 0.0;  ///< integral of I over the pulse [C]
  bool ok = true;
  std::string message = {};  ///< why it failed, and a remedy
};

/// `pulse.amplitude` is the source behind `series` [Ohm], >= 0.
PulseOutcome apply_pulse(const Memristor& memristor, double x, const Pulse& pulse, double series);

}  // namespace memspice::device
