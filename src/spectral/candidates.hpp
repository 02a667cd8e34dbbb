#pragma once
// The three strategies that make a spectral network cheaper: smaller output maps, fewer of them, or
// both (Rizvi et al. 2023), enumerated and ranked by cost before anything is trained.

#include <string>
#include <vector>

#include "network/graph.hpp"
#include "spectral/cost.hpp"

namespace memspice::spectral {

enum class Strategy { Original, Size, Depth, Both };
std::string_view to_text(Strategy strategy);

struct Candidate {
  Architecture architecture;  ///< fused; its name tells sizes and depths: "s7-4_d6-16"
  Strategy strategy = Strategy::Original;
  NetworkCost cost;
};

struct CandidateOptions {
  /// Each factor shrinks all pooled sizes, all depths, or both, rounded, at least 1. In (0, 1].
  std::vector<double> factors = {0.875, 0.75, 0.625, 0.5, 0.375, 0.25};
  void validate(const std::string& place) const;  ///< throws InputError
};

/// The candidates of all strategies, each architecture once, the dearest first: the order in which
/// they are trained until the accuracy constraint breaks. The first is the original, fused.
std::vector<Candidate> enumerate_candidates(const Architecture& original,
                                            const CandidateOptions& options);

/// The spectral twin of an ordinary network: each convolution of stride 1 becomes a layer of its
/// input's size, each pooling by s divides the bins kept (rounded down); fully connected layers
/// make the classifier. Activation and storage are the caller's. Throws InputError naming the layer
/// for images that are not square, strides, groups, dilation, or another kind of layer between.
Architecture architecture_of(const network::Graph& graph);

}  // namespace memspice::spectral
