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

/// How cells hold a weight of either sign (mapping/cell_span.hpp).
enum class Signs {
  Pair,        ///< a cell for each sign, in columns of their own
  UnitColumn,  ///< one cell, compared with a column of the tile that stands for a weight of 0
};
inline constexpr Names<2> kSignsNames{"pair", "unit_column"};
constexpr std::string_view to_text(Signs signs) {
  return name_of(kSignsNames, signs);
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

/// Where the groups of a grouped layer lie, as each channel of a depthwise convolution is one.
enum class Packing {
  None,           ///< each on crossbars of its own
  BlockDiagonal,  ///< as many neighbours on one as it has lines for (mapping/pack_groups.hpp)
};
inline constexpr Names<2> kPackingNames{"none", "block_diagonal"};
constexpr std::string_view to_text(Packing packing) {
  return name_of(kPackingNames, packing);
}

inline constexpr int kMostSlices = 8;
inline constexpr int kMostOutputsPerAdc = 65536;

/// Tiles of at most rows x columns cells.
struct Options {
  int rows = 64;     ///< word lines of a tile, 1 .. 4096, the bias word line included;
                     ///< kernel first: pairs that one summer adds
  int columns = 64;  ///< bit lines of a tile, 2 .. 4096; of pairs even: two per output
  std::map<std::string, int> layer_rows = {}, layer_columns = {};  ///< of layers that differ
  Scheme scheme = Scheme::Im2col;
  Signs signs = Signs::Pair;  ///< a unit column with Scheme::Im2col alone
  WeightScale weight_scale = WeightScale::Layer;
  /// Cells have as many levels as the layer's own grid asks for (mapping/weight_grid.hpp), where
  /// the network's file states one; its bias, which lies on no such grid, is added digitally.
  bool network_levels = false;
  Bias bias = Bias::WordLine;  ///< unrolled schemes and deconvolutions add theirs digitally always
  int slices = 1;  ///< pairs of cells that hold a weight, 1 .. 8, a digit each (mapping/slices.hpp)
  Packing packing = Packing::None;  ///< block diagonal with Scheme::Im2col alone
  int outputs_per_adc = 0;          ///< of a tile, 1 .. 65536; 0: as many as the technology's
  /// Outputs that take turns at one ADC; `of_technology`: those of its card.
  int adc_share(double of_technology) const noexcept {
    return outputs_per_adc > 0 ? outputs_per_adc : static_cast<int>(of_technology);
  }
  int outputs_per_tile() const noexcept { return signs == Signs::Pair ? columns / 2 : columns - 1; }
  /// With the tiles of one layer in the place of all others'.
  Options of_layer(const std::string& name) const;
  void validate(std::string_view place) const;  ///< throws InputError
};

}  // namespace memspice::mapping
