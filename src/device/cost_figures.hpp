#pragma once
// What the circuits around an array cost: areas, energies and times of one of each.

#include "device/technology_figure.hpp"

namespace memspice::device {

/// A converter resolves one bit after the other: its area, energy and time grow with its bits.
/// That holds where switching dominates, up to about 10 bits; beyond, thermal noise asks for more.
struct CostFigures {
  Figure cell_area;           ///< of one memristor and its share of the lines [m^2]
  Figure dac_area_per_bit;    ///< with the word line's driver [m^2]
  Figure dac_energy_per_bit;  ///< of one conversion [J]
  Figure adc_area_per_bit;    ///< [m^2]
  Figure adc_energy_per_bit;  ///< of one conversion [J]
  Figure adc_time_per_bit;    ///< of one conversion [s]
  Figure outputs_per_adc;     ///< bit-line pairs that take turns at one ADC, a whole number
  Figure op_amp_area;   ///< of a bit line's transimpedance amplifier, its resistor included [m^2]
  Figure op_amp_power;  ///< static, while its layer works [W]
  Figure adder_area;    ///< of the digital adder behind an ADC [m^2]
  Figure adder_energy;  ///< of adding one partial sum [J]
  Figure multiplier_area;    ///< behind an ADC whose outputs have scales of their own [m^2]
  Figure multiplier_energy;  ///< of scaling one conversion [J]
  Figure mean_square_drive;  ///< of V/read_voltage before anything was simulated [1], 0 .. 1
};

}  // namespace memspice::device
