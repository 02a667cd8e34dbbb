#pragma once
// What stands at a tile's edges: converters, and how they are driven, read and set.

#include <map>
#include <string>
#include <string_view>

#include "base/names.hpp"

namespace memspice::mapping {

enum class AdcRange {
  FullScale,   ///< an output's rows x read voltage x window width: nothing ever clips
  Calibrated,  ///< a percentile of |output| per layer, on the calibration images
  Tile,        ///< per tile, whose ADCs share a reference
  Output,      ///< per output of each tile
};
inline constexpr Names<4> kAdcRangeNames{"full_scale", "calibrated", "tile", "output"};
constexpr std::string_view to_text(AdcRange range) {
  return name_of(kAdcRangeNames, range);
}

/// The factors behind the ADCs: one per layer, or per output where each has a scale of its own.
enum class Gain {
  Nominal,     ///< what weights and window give
  Calibrated,  ///< times what makes up, on the calibration images, for what wires take
};
inline constexpr Names<2> kGainNames{"nominal", "calibrated"};
constexpr std::string_view to_text(Gain gain) {
  return name_of(kGainNames, gain);
}

/// How the code of an input comes onto its word line.
enum class Input {
  Parallel,   ///< all its bits in one read
  BitSerial,  ///< a bit a read, at the whole read voltage or at none; digital sums follow the ADCs
};
inline constexpr Names<2> kInputNames{"parallel", "bit_serial"};
constexpr std::string_view to_text(Input input) {
  return name_of(kInputNames, input);
}

/// What a pair of bit lines ends in, each behind the array's sense resistance.
enum class Readout {
  VirtualGround,  ///< an op-amp each, which holds it at 0 V; their difference is taken behind them
  Differential,   ///< the two inputs of a difference amplifier: the resistance is an input's
};
inline constexpr Names<2> kReadoutNames{"virtual_ground", "differential"};
constexpr std::string_view to_text(Readout readout) {
  return name_of(kReadoutNames, readout);
}

/// Converters at a tile's edges. 0 bits: an ideal converter, which neither rounds nor clips.
struct ConverterOptions {
  int dac_bits = 8;  ///< 0, or 1 .. 16
  int adc_bits = 8;  ///< 0, or 2 .. 16
  Input input = Input::Parallel;
  Readout readout = Readout::VirtualGround;
  AdcRange adc_range = AdcRange::Calibrated;
  Gain gain = Gain::Nominal;
  double adc_percentile = 99.9;  ///< of |output| on the calibration images, (0, 100]
  double dac_percentile = 99.9;  ///< of |input|, (0, 100]; larger inputs clip
  std::map<std::string, double> input_range = {};  ///< of layers that learned theirs, > 0
  void validate(std::string_view place) const;
  /// Of what drives a word line in one read; 0: ideal.
  int driver_bits() const noexcept { return input == Input::BitSerial ? 1 : dac_bits; }
};

}  // namespace memspice::mapping
