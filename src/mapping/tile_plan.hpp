#pragma once
// Layers -> tiles of conductances.
//
// A signed weight w is a differential pair of bit lines 2j (+) and 2j+1 (-), unless it is one cell
// beside a unit column (mapping/cell_span.hpp):
//   G+ = g_min + max(w,0)/w_max (g_max - g_min),   G- = g_min + max(-w,0)/w_max (g_max - g_min)
//   y_j = scale (I_2j - I_2j+1),   scale = w_max x_max / (read_voltage (g_max - g_min))
// w_max is the layer's largest |weight| or each output's own (WeightScale), as depthwise kernels
// need it, whose outputs may be far apart. Word lines carry V_i = read_voltage x_i / x_max. The
// bias is one more word line, driven at read_voltage, with weight b / x_max, or added digitally.
// A convolution is a matrix product by im2col, one vector per output position; a transposed one is
// a product per input position whose results are added where the kernels overlap, its bias
// digitally after that. Each group of a grouped convolution is a block with lines of its own, or
// shares one with its neighbours (mapping/pack_groups.hpp).
// Kernel first (mapping/kernel_first_plan.hpp) has a tile per output, of its kept weights' pairs.
// A convolution may also be cut into sub-images (mapping/sub_image.hpp): a tile then gives a whole
// patch of outputs, and every sub-image has a copy of it. All copies hold the same kernels, so the
// plan holds one tile and the number of its replicas.

#include <Eigen/Core>
#include <string>
#include <string_view>
#include <vector>

#include "device/conductance_window.hpp"
#include "mapping/converter_options.hpp"
#include "mapping/options.hpp"
#include "mapping/tile.hpp"
#include "network/graph.hpp"
#include "network/ranges.hpp"

namespace memspice::mapping {

struct LayerPlan {
  network::LayerId layer;
  std::string name;
  double x_max = 1.0;         ///< input that drives read_voltage; larger inputs clip
  bool signed_input = false;  ///< bipolar drive
  int levels = 0;             ///< of its cells; 0: a continuum
  /// Input vectors per image that every tile sees, all copies together, each read of one counted.
  long vectors_per_image = 0;
  long replicas = 1;          ///< crossbars that hold each tile, one per sub-image
  bool digital_bias = false;  ///< added after the ADCs, not by a word line
  int slices = 1;             ///< of its weights, neighbouring blocks of a group
  int rows = 0, columns = 0;  ///< lines of its unit crossbars
  std::vector<Block> blocks;

  int tile_count() const noexcept;        ///< distinct tiles
  long crossbar_count() const noexcept;   ///< tiles and their replicas
  long memristor_count() const noexcept;  ///< on all crossbars, without idle ones
  long idle_count() const noexcept;       ///< memristors in idle cells of all crossbars
};

struct TilePlan {
  Options options;
  ConverterOptions converters;
  device::ConductanceWindow window;
  double read_voltage = 0.2;      ///< [V]
  std::vector<LayerPlan> layers;  ///< in topological order; layers without weights are absent

  int tile_count() const noexcept;
  long crossbar_count() const noexcept;
  long memristor_count() const noexcept;
  long idle_count() const noexcept;
  const LayerPlan& layer(std::string_view name) const;  ///< throws InputError with a suggestion
  const Tile& tile(std::string_view name) const;        ///< throws InputError with a suggestion
};

/// The plan behind converters that neither round nor clip, its inputs in one read each.
TilePlan with_ideal_converters(TilePlan plan);

/// The trained numbers that the plan's crossbars hold, biases included.
long parameter_count(const network::Graph& graph, const TilePlan& plan);

struct MappingInputs {
  Options options;
  ConverterOptions converters;
  device::ConductanceWindow window;
  double read_voltage = 0.2;  ///< [V], > 0
  /// Input range of each layer, indexed by LayerId; empty: 0 .. 1 for all (counts do not change).
  std::vector<network::ActivationRange> input_ranges;
};

/// Maps every layer with weights. Throws InputError naming the layer when all its weights are zero,
/// a crossbar is smaller than its kernel, or its unrolled tiles are too many to hold in memory.
TilePlan map_network(const network::Graph& graph, const MappingInputs& inputs);

}  // namespace memspice::mapping
