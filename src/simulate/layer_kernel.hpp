#pragma once
// How one layer computes its output: the seam behind which crossbars, and later other paths, sit.

#include <cstdint>
#include <memory>
#include <span>

#include "mapping/tile_plan.hpp"
#include "network/graph.hpp"
#include "simulate/adc_range.hpp"
#include "simulate/layer_converters.hpp"
#include "tile/layer_tiles.hpp"

namespace memspice::simulate {

class ScaledCurve;

class LayerKernel {
 public:
  virtual ~LayerKernel() = default;
  /// Inputs in operand order, each N x ...; const and safe to call from many threads. first_image:
  /// number of the first image in its data set, which names the reads that noise is drawn for.
  virtual network::Tensor apply(std::span<const network::Tensor* const> inputs,
                                std::uint64_t first_image) const = 0;
};

/// Factors on a layer's outputs, gains[block][output]; empty: 1 for all.
using Gains = std::vector<Eigen::VectorXf>;

/// How a layer's ADCs and the factors behind them are set, and what its converters are like.
struct AdcSetting {
  AdcRanges ranges = {};  ///< may be empty where adc_bits is 0
  Gains gains = {};
  std::shared_ptr<const LayerConverters> converters = nullptr;  ///< null: ideal ones
};

/// One layer on its crossbars. All pointers outlive the kernel.
struct CrossbarLayer {
  const network::Graph* graph = nullptr;
  const mapping::TilePlan* plan = nullptr;
  const mapping::LayerPlan* layer = nullptr;
  std::shared_ptr<const tile::LayerTiles> tiles;
  std::shared_ptr<const ScaledCurve> driver = nullptr;   ///< of each DAC's voltage; null: exact
  std::shared_ptr<const ScaledCurve> readout = nullptr;  ///< of each D before the ADC; null: exact
};

/// Runs a layer on crossbar tiles: DAC, tiles, an ADC per output and tile, digital sums over row
/// tiles.
std::unique_ptr<LayerKernel> make_crossbar_kernel(CrossbarLayer layer, AdcSetting adc);

/// The ADCs' full scales for one layer: the converters' rule applied to |D| over all tiles on
/// `input` (N x ..., network units, from calibration images).
AdcRanges choose_adc_ranges(const CrossbarLayer& layer, const network::Tensor& input);

/// What makes up for the loss of the layer's tiles: with y what they give an output on `input` and
/// y_ideal what `ideal` tiles give, the least-squares factor sum(y y_ideal) / sum(y^2) of each
/// output, or of all outputs together where they share a scale. 1 where nothing flows.
Gains choose_gains(const CrossbarLayer& layer,
                   const tile::LayerTiles& ideal,
                   const network::Tensor& input);

/// What makes up for what the layer's cells have lost since `fresh` tiles held them, from the same
/// inputs on both: of each output by least squares, else one factor for all, the ratio of the sums
/// of |y|. 1 where nothing flows.
Gains drift_gains(const CrossbarLayer& aged,
                  const tile::LayerTiles& fresh,
                  const network::Tensor& input,
                  bool by_output);

}  // namespace memspice::simulate
