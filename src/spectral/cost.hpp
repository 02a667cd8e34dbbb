#pragma once
// Computational workload and memory accesses (CMC) of a spectral network, before any training
// (Rizvi et al. 2023; METHODS section 7). Biases and activations are not counted.
//
// A layer of M x M bins, C maps in and D out, per image:
//   multiplications 4 M^2 C D             complex products as four real ones
//   additions       2 M^2 C D + 2 M^2 (C - 1) D
//   words           in 2 M^2 C, kernels 2 M^2 C D, out 2 M^2 D

#include <cstdint>
#include <string>
#include <vector>

#include "spectral/network.hpp"

namespace memspice::spectral {

struct Counts {
  std::int64_t multiplications = 0, additions = 0;  ///< real, per image
  std::int64_t words_in = 0, words_kernel = 0, words_out = 0;
  Counts& operator+=(const Counts& other) noexcept;
  std::int64_t operations() const noexcept { return multiplications + additions; }
  std::int64_t words() const noexcept { return words_in + words_kernel + words_out; }
};

struct LayerCost {
  LayerShape shape;
  Counts counts;
};

struct NetworkCost {
  std::vector<LayerCost> layers;
  Counts total;       ///< of the spectral layers
  Counts classifier;  ///< of the fully connected layers behind them, apart
  std::vector<Counts> classifier_layers;
  double transform_flops = 0.0;  ///< 5 M0^2 log2(M0^2) per channel, once per image, apart
  /// What candidates are ranked by: operations and words of layers and classifier.
  std::int64_t computation_and_memory() const noexcept;
};

/// The image's transform as operations: 4 multiplications to 6 additions, as in a radix-2
/// butterfly. Words: the pixels in, the bins of the first layer out.
Counts count_transform(const Architecture& architecture);

/// The architecture as it stands: fuse() it first for the cost of fused pooling.
NetworkCost count_cost(const Architecture& architecture);

}  // namespace memspice::spectral
