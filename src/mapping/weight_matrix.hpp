#pragma once
// The weight matrices of a layer: what crossbars carry.

#include <Eigen/Core>
#include <span>
#include <vector>

#include "network/graph.hpp"

namespace memspice::mapping {

/// y = W^T x + bias for one group of a layer, or for neighbours that are packed. W: inputs x
/// outputs, inputs in im2col order (channel, then kernel row, then kernel column).
struct WeightMatrix {
  Eigen::MatrixXd W;
  Eigen::VectorXd bias;  ///< outputs; empty when the layer has none or adds it digitally
  int first_channel_in = 0, first_channel_out = 0;
  int groups = 1;  ///< on the diagonal of W (mapping/pack_groups.hpp)
};

/// One matrix per group; empty for a layer without weights.
std::vector<WeightMatrix> weight_matrices(const network::Layer& layer);

/// The bias of a layer with weights, one per output channel; empty without one. A recurrence's is
/// that of its own product.
std::span<const float> bias_of(const network::Layer& layer);

/// How many input vectors the layer's crossbars see for one image: a recurrence's one for each
/// product of a step.
long vectors_per_image(const network::Graph& graph, network::LayerId id);

}  // namespace memspice::mapping
