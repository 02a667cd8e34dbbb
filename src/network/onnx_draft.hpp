#pragma once
// The network while it is imported: layers that passes may still merge.

#include <optional>
#include <string>
#include <vector>

#include "network/onnx_model.hpp"

namespace memspice::network {

struct DraftLayer {
  std::string name;   ///< as the file has it; made safe and unique at the end
  std::string place;  ///< file and node, for messages
  Operation operation;
  std::vector<int> inputs;  ///< earlier layers of the draft; kDraftInput is the network's input
  Shape shape;              ///< of the output for a batch of 1
  std::string tensor = {};  ///< what the layer's own node calls its output
};

inline constexpr int kDraftInput = -1;

struct Draft {
  Shape input_shape;                          ///< batch 1
  std::optional<CodeRange> input_codes = {};  ///< see Graph
  std::vector<DraftLayer> layers;
  int output = kDraftInput;

  const Shape& shape_of(int layer) const;

  /// Checks the layer, infers its shape and adds it; returns its index. Throws InputError.
  int add(DraftLayer layer);

  /// How often each layer's output is used, the network's output included.
  std::vector<int> use_counts() const;
};

/// Carries transpositions and reshapes by axes of length 1 to where they cancel or end in weights.
/// An input whose channels come last becomes one whose channels come first where that saves layers.
void fold_layout(Draft& draft);

/// Rewrites activations that were spelled out (Add, Clip, Mul, Div) as HardSigmoid and HardSwish.
void recognise_activations(Draft& draft);

/// Folds batch normalisation and per-channel constants into the weighted layer before them.
void fold_into_weights(Draft& draft);

/// The graph of the layers that the output needs, with safe, unique names.
ImportedGraph to_graph(Draft draft);

}  // namespace memspice::network
