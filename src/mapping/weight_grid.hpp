#pragma once
// Cells on the levels that a network was trained for: a pair of cells with `largest` + 1 levels
// each holds every whole multiple of a step, -largest .. largest, exactly.

#include <optional>
#include <vector>

#include "mapping/options.hpp"
#include "mapping/weight_matrix.hpp"
#include "network/graph.hpp"

namespace memspice::mapping {

struct WeightGrid {
  std::vector<double> steps;  ///< of each output channel, > 0
  int channels = 1;           ///< outputs of one group of the layer
  int largest = 1;            ///< the largest |weight| / step of the layer

  int levels() const noexcept { return largest + 1; }  ///< of a cell
  /// Per column of one of the layer's matrices, the weight that takes the whole window.
  Eigen::VectorXd w_max(const WeightMatrix& matrix) const;
};

/// The grid of a layer's weights; nothing where the network's file states none, and where weights
/// lie off it or take more than 65536 levels.
std::optional<WeightGrid> weight_grid(const network::Layer& layer);

/// The grid that a layer's cells are put on; nothing: they have the window's levels. Throws
/// InputError where outputs have steps of their own and all share one scale.
std::optional<WeightGrid> chosen_grid(const network::Layer& layer, const Options& options);

/// Throws InputError where the network is asked for levels and no layer of it has a grid.
void require_some_grid(const network::Graph& graph, const Options& options);

}  // namespace memspice::mapping
