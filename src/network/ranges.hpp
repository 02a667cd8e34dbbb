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

/// What a float run of calibration images shows.
struct Activations {
  ActivationRanges ranges;
  std::int64_t images = 0;  ///< that layer_inputs hold, the first ones
  /// What drives each layer with weights, by LayerId: images x ...; of a recurrence its states.
  std::map<int, Tensor> layer_inputs;
};

/// What calibration may take, unless one image takes more [bytes].
struct CalibrationMemory {
  std::int64_t batch = std::int64_t{1} << 29;  ///< all tensors of the images that run at once
  std::int64_t kept = std::int64_t{1} << 29;   ///< layer_inputs
};

/// `images`: N x C x H x W. percentile 100: smallest and largest value; less (above 0): these, but
/// no further from zero than q, the percentile of |value|, linear between ranks as NumPy does: a
/// tensor without negative values keeps a range without them. Throws InputError for a
/// percentile outside (0, 100]. Images run some at a time, so that memory does not grow with their
/// number.
ActivationRanges measure_ranges(const Graph& graph,
                                const Tensor& images,
                                double percentile,
                                const CalibrationMemory& memory = {});
/// And what stimuli, ADC ranges and energy are taken from: the inputs of as many of the first
/// images as fit, of one at least.
Activations record_activations(const Graph& graph,
                               const Tensor& images,
                               double percentile,
                               const CalibrationMemory& memory = {});

}  // namespace memspice::network
