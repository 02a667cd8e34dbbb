#pragma once
// How the scores of a network become a label.

#include <optional>
#include <span>
#include <string>

#include "network/dataset.hpp"
#include "network/graph.hpp"

namespace memspice::network {

/// One score per class, of which the largest wins, the first of equals; or one output for two
/// classes, of which class 1 lies above a threshold.
struct Decision {
  int classes = 0;  ///< labels lie in 0 .. classes-1; 0: as many as scores
  std::optional<float> threshold = std::nullopt;  ///< of one output

  int label_of(std::span<const float> scores) const;  ///< one image's scores
};

/// What the network's output stands for: one output behind a sigmoid is the probability of class 1
/// (threshold 0.5), one output of a layer with weights its logit (threshold 0). Throws InputError
/// with `place` for a map of several positions, and for one output without a known threshold.
Decision decision_of(const Graph& graph, const std::string& place = "network output");

/// The same for one output per pixel.
Decision decision_of_pixels(const Graph& graph, const std::string& place = "network output");

/// Of outputs that are logits, whatever computes them.
Decision decision_of_logits(int outputs);

/// Throws InputError with `place` unless each label of the data is a class of the network.
void require_labels(const Decision& decision, const Dataset& data, const std::string& place);

}  // namespace memspice::network
