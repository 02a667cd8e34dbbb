#pragma once
// Convolution and transposed convolution counted kernel weight by kernel weight (CKF; Chen et al.
// 2022, METHODS section 6), and the memristors that a layer's weights take (METHODS section 5).
//
//   computations = non-zero weights x plane: for every w[o,c,u,v] != 0 one pass over the plane of
//   window positions: the output plane of a convolution, the input plane of a transposed one
//   memristors, two per weight:  convolution 2 k^2 C D, depthwise 2 k^2 C, pointwise 2 C D,
//                                fully connected on H x W x C to n: 2 H W C n, GAP + 1x1: 2 C n
// A position whose tap falls on padding counts: the pass runs over the plane in any case.

#include "network/graph.hpp"

namespace memspice::mapping {

struct KernelFirstCount {
  long weights = 0;   ///< of the kernels, biases not counted
  long non_zero = 0;  ///< weights that were not pruned
  long plane = 0;     ///< window positions that a weight's pass runs over

  long computations() const noexcept { return non_zero * plane; }  ///< multiply-accumulates
  long dense() const noexcept { return weights * plane; }          ///< without any pruning
  /// Two per kept weight: a pruned weight's pair is absent.
  long memristors() const noexcept { return 2 * non_zero; }
};
/// Zeros for a layer without weights.
KernelFirstCount count_kernel_first(const network::Graph& graph, network::LayerId id);

/// Two per weight, pruned or not; biases, which sit on a word line of their own, not counted.
long weight_memristors(const network::Layer& layer);

}  // namespace memspice::mapping
