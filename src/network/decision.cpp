#include "network/decision.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace memspice::network {
namespace {

/// A probability is split in the middle, a logit at its sign.
constexpr float kProbability = 0.5F;
constexpr float kLogit = 0.0F;

/// Layers that only move, average or round values keep what these stand for.
bool keeps_meaning(const Operation& operation) {
  return std::holds_alternative<Reshape>(operation) || std::holds_alternative<Pooling>(operation) ||
         std::holds_alternative<GlobalAverage>(operation) ||
         std::holds_alternative<Transposition>(operation) ||
         std::holds_alternative<Selection>(operation) ||
         std::holds_alternative<Quantization>(operation);
}

bool is_linear(const Operation& operation) {
  return std::holds_alternative<Convolution>(operation) ||
         std::holds_alternative<Deconvolution>(operation) ||
         std::holds_alternative<FullyConnected>(operation) ||
         std::holds_alternative<BatchNormalization>(operation);
}

/// Where the classes of the one output of layer `id` part; nothing where that is not known.
std::optional<float> threshold_of(const Graph& graph, LayerId id) {
  if (id == Graph::kInput) return std::nullopt;
  const Operation& operation = graph.layer(id).operation;
  if (keeps_meaning(operation)) return threshold_of(graph, graph.inputs(id)[0]);
  if (is_linear(operation)) return kLogit;
  const auto* elementwise = std::get_if<Elementwise>(&operation);
  if (elementwise != nullptr && !is_digital(operation)) {
    // Sums and multiples of logits are logits; those of probabilities have no known middle.
    const bool all_logits = std::ranges::all_of(
        graph.inputs(id), [&](LayerId from) { return threshold_of(graph, from) == kLogit; });
    return all_logits ? std::optional(kLogit) : std::nullopt;
  }
  const auto* activation = std::get_if<Activation>(&operation);
  if (activation == nullptr) return std::nullopt;
  const bool is_probability = activation->kind == Activation::Kind::Sigmoid ||
                              activation->kind == Activation::Kind::HardSigmoid;
  return is_probability ? std::optional(kProbability) : std::nullopt;
}

/// Whether the last axis, and not the channels' axis 1, holds the results of layer `id`.
bool ends_in_product(const Graph& graph, LayerId id) {
  if (id == Graph::kInput) return false;
  const Operation& operation = graph.layer(id).operation;
  if (std::holds_alternative<FullyConnected>(operation)) return true;
  const bool same_axes = std::holds_alternative<Activation>(operation) ||
                         std::holds_alternative<Elementwise>(operation) ||
                         std::holds_alternative<Quantization>(operation);
  return same_axes && ends_in_product(graph, graph.inputs(id)[0]);
}

/// Scores of one image; rejects outputs with several positions.
int score_count(const Graph& graph, const std::string& place) {
  const Shape& shape = graph.shape_of(graph.output());
  const std::size_t class_axis = ends_in_product(graph, graph.output()) ? shape.size() - 1 : 1;
  for (std::size_t axis = 1; axis < shape.size(); ++axis) {
    if (axis == class_axis || shape[axis] == 1) continue;
    Shape image(shape.begin() + 1, shape.end());
    reject(place,
           "output of " + to_text(image),
           "a label judges one score per class, not a map of several positions",
           "end the network in one score per class, or label each pixel "
           "([data] kind = \"image_pairs\")");
  }
  return static_cast<int>(element_count(shape));
}

/// The decision by one output; rejects one whose threshold is not known.
Decision two_classes(const Graph& graph, const std::string& place) {
  const LayerId last = graph.output();
  const auto threshold = threshold_of(graph, last);
  if (threshold) return {.classes = 2, .threshold = threshold};
  reject(
      place,
      last == Graph::kInput ? "one output"
                            : "one output, of " + operation_name(graph.layer(last).operation),
      "two classes have no known threshold there",
      "end the network in Sigmoid (class 1 above 0.5), in its logit (class 1 above 0), or in one "
      "output per class");
}

std::string classes_text(const Decision& decision) {
  const std::string outputs = decision.threshold ? "one output" : std::to_string(decision.classes);
  return outputs + (decision.threshold ? ", for" : " outputs, for") + " the classes 0 to " +
         std::to_string(decision.classes - 1);
}

std::string remedy_for(const Decision& decision, int largest) {
  const std::string data = "give data of " + std::to_string(decision.classes) + " classes";
  if (largest == decision.classes) return data + "; are the labels counted from 1 instead of 0?";
  return data + ", or a network of at least " + std::to_string(largest + 1) + " outputs";
}

}  // namespace

int Decision::label_of(std::span<const float> scores) const {
  if (threshold) return scores.front() > *threshold ? 1 : 0;
  return static_cast<int>(std::ranges::max_element(scores) - scores.begin());
}

Decision decision_of_logits(int outputs) {
  if (outputs == 1) return {.classes = 2, .threshold = kLogit};
  return {.classes = outputs};
}

Decision decision_of(const Graph& graph, const std::string& place) {
  const int scores = score_count(graph, place);
  return scores == 1 ? two_classes(graph, place) : Decision{.classes = scores};
}

Decision decision_of_pixels(const Graph& graph, const std::string& place) {
  return two_classes(graph, place);
}

void require_labels(const Decision& decision, const Dataset& data, const std::string& place) {
  if (data.labels.empty() || decision.classes == 0) return;
  const auto [least, most] = std::ranges::minmax(data.labels);
  const int largest = std::max(most, data.largest_label);
  if (least < 0) {
    reject(place,
           "label " + std::to_string(least),
           "is no class: the network has " + classes_text(decision),
           "count classes from 0");
  }
  if (largest < decision.classes) return;
  reject(place,
         "label " + std::to_string(largest),
         "is no class: the network has " + classes_text(decision),
         remedy_for(decision, largest));
}

}  // namespace memspice::network
