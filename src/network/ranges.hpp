#pragma once
// What calibration images show of a network: the ranges of the values that flow through it, and
// the inputs of its layers.

#include <map>
#include <vector>

#include "network/graph.hpp"

namespace memspice::network {

/// Values lie in [low, high].
struct ActivationRange {
  float low = 0.0F;
  float high = 0.0F;
};

/// One range per tensor of the network; 0 to 0 for a layer that the output does not need.
struct ActivationRanges {
  ActivationRange input;                       ///< of the network's input
  std::vector<ActivationRange> output;         ///< of each layer's output, by LayerId
  std::map<int, ActivationRange> states = {};  ///< of what a recurrence's own product takes

  const ActivationRange& of(LayerId id) const;  ///< kInput: the network's input

  /// What a layer's input tensors span together, of a recurrence its states; what its DACs have to
  /// cover.
  ActivationRange of_inputs(const Graph& graph, LayerId id) const;
};

/// What one float run of calibration images shows.
struct Activations {
  ActivationRanges ranges;
  /// What drives each layer with weights, by LayerId: N x ...; of a recurrence its states.
  std::map<int, Tensor> layer_inputs;
};

/// `images`: N x C x H x W. percentile 100: smallest and largest value; less (above 0): these, but
/// no further from zero than q, the percentile of |value|, linear between ranks as NumPy does: a
/// tensor without negative values keeps a range without them. Throws InputError for a
/// percentile outside (0, 100]. Holds the activations of all images at once: give it a calibration
/// batch.
ActivationRanges measure_ranges(const Graph& graph, const Tensor& images, double percentile);
/// And what stimuli, ADC ranges and energy are taken from.
Activations record_activations(const Graph& graph, const Tensor& images, double percentile);

}  // namespace memspice::network
