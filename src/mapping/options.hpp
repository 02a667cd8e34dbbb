#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/names.hpp"

namespace memspice::mapping {

/// How a layer's weights are laid onto crossbars.
enum class Scheme {
  Im2col,     ///< weight-stationary: one bit-line pair per output channel, one word line per input
  SubImage,   ///< a crossbar per sub-image, input and output channel (mapping/sub_image.hpp)
  FullDepth,  ///< a crossbar per sub-image holds all its input channels
  KernelFirst,  ///< a pair per kept weight, summed per output (mapping/kernel_first_plan.hpp)
};
inline constexpr Names<4> kSchemeNames{"im2col", "subimage", "full_depth", "kernel_first"};
constexpr std::string_view to_text(Scheme scheme) {
  return name_of(kSchemeNames, scheme);
}

/// Which weights share the scale that takes the largest of them to the whole conductance window.
enum class WeightScale {
  Layer,   ///< all of a layer's: one factor behind its ADCs
  Output,  ///< those of one output, a pair of bit lines: each has a factor of its own
};
inline constexpr Names<2> kWeightScaleNames{"layer", "output"};
constexpr std::string_view to_text(WeightScale scale) {
  return name_of(kWeightScaleNames, scale);
}

/// Where a layer's bias is added.
enum class Bias {
  WordLine,  ///< one more word line; its cells share the scale of the weights
  Digital,   ///< behind the ADCs, exactly
  EachTile,  ///< a word line of every row tile, each with an equal share of the bias
};
inline constexpr Names<3> kBiasNames{"word_line", "digital", "each_tile"};
constexpr std::string_view to_text(Bias bias) {
  return name_of(kBiasNames, bias);
}

inline constexpr int kMostSlices = 8;

/// Tiles of at most rows x columns cells.
struct Options {
  int rows = 64;     ///< word lines of a tile, 1 .. 4096, the bias word line included;
                     ///< kernel first: pairs that one summer adds
  int columns = 64;  ///< bit lines of a tile, 2 .. 4096, even: two per output
  std::map<std::string, int> layer_rows = {}, layer_columns = {};  ///< of layers that differ
  Scheme scheme = Scheme::Im2col;
  WeightScale weight_scale = WeightScale::Layer;
  /// Cells have as many levels as the layer's own grid asks for (mapping/weight_grid.hpp), where
  /// the network's file states one; its bias, which lies on no such grid, is added digitally.
  bool network_levels = false;
  Bias bias = Bias::WordLine;  ///< unrolled schemes and deconvolutions add theirs digitally always
  int slices = 1;  ///< pairs of cells that hold a weight, 1 .. 8, a digit each (mapping/slices.hpp)
  /// With the tiles of one layer in the place of all others'.
  Options of_layer(const std::string& name) const;
  void validate(std::string_view place) const;  ///< throws InputError
};

enum class AdcRange {
  FullScale,   ///< rows x read voltage x window width: nothing ever clips
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
  void validate(std::string_view place) const;
  /// Of what drives a word line in one read; 0: ideal.
  int driver_bits() const noexcept { return input == Input::BitSerial ? 1 : dac_bits; }
};

}  // namespace memspice::mapping
