#pragma once
// Counts of operations and words as energy, area and time of digital units.
//
// A unit has p lanes, each one multiplier and one adder, both working every cycle:
//   cycles = max(multiplications, additions) / p, rounded up
//   energy = multiplications x E_mul + additions x E_add + words x E_word
// Area is that of the lanes, without memories and control; memory is taken to keep up.

#include <string>

#include "device/technology.hpp"
#include "spectral/cost.hpp"

namespace memspice::spectral {

/// What a card under device_models/digital/ states.
struct DigitalCard {
  std::string name;
  device::Figure multiply, add, word;          ///< per operation, and per word moved [J]
  device::Figure multiplier_area, adder_area;  ///< [m^2]
  device::Figure clock;                        ///< [Hz]
};

struct DigitalCost {
  double energy_arithmetic = 0.0, energy_words = 0.0;  ///< per image [J]
  double latency = 0.0;                                ///< of one unit, per image [s]
  double energy() const noexcept { return energy_arithmetic + energy_words; }
  DigitalCost& operator+=(const DigitalCost& other) noexcept;
};

/// lanes >= 1.
DigitalCost price(const Counts& counts, const DigitalCard& card, int lanes);
double unit_area(const DigitalCard& card, int lanes) noexcept;  ///< [m^2]

}  // namespace memspice::spectral
