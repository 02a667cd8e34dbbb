#pragma once
// Periodic voltages that a device is driven with.
//
//   sin       A sin(2 pi f t)
//   triangle  0, A at a quarter, -A at three quarters, 0
//   pulse     A over 0.06 .. 0.45 of the period, -A over 0.56 .. 0.95, ramps of 0.01 around each

#include <string>
#include <string_view>
#include <vector>

namespace memspice::device {

struct Drive {
  enum class Shape { Sine, Triangle, Pulse };
  Shape shape = Shape::Sine;
  double amplitude = 1.0;  ///< [V], != 0; negative: starts downwards
  double frequency = 1.0;  ///< [Hz], > 0
  int cycles = 1;          ///< >= 1

  double duration() const noexcept { return cycles / frequency; }  ///< [s]
  double voltage(double t) const noexcept;                         ///< [V] at t >= 0 [s]
  /// dV/dt [V/s] just after t.
  double slope(double t) const noexcept;
  /// Throws InputError naming `place`.<member>.
  void validate(std::string_view place) const;
};

/// A corner of a piecewise linear drive.
struct Corner {
  double t = 0.0;      ///< [s]
  double level = 0.0;  ///< [V]
};

/// All corners of a piecewise linear drive from 0 to its duration; empty for a sine.
std::vector<Corner> corners(const Drive& drive);

/// "sin", "triangle", "pulse"; throws InputError with a suggestion for another word.
Drive::Shape parse_shape(std::string_view name, std::string_view place);

}  // namespace memspice::device
