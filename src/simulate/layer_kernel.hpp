#pragma once
// How one layer computes its output: the seam behind which crossbars, and later other paths, sit.

#include <cstdint>
#include <memory>
#include <span>

#include "mapping/tile_plan.hpp"
#include "network/graph.hpp"
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
/// tiles. adc_range: full scale of the ADCs [A], > 0; not used when adc_bits is 0.
std::unique_ptr<LayerKernel> make_crossbar_kernel(CrossbarLayer layer, double adc_range);

/// The ADCs' full scale [A] for one layer: the converters' rule applied to |D| over all tiles on
/// `input` (N x ..., network units, from calibration images).
double choose_adc_range(const CrossbarLayer& layer, const network::Tensor& input);

}  // namespace memspice::simulate
