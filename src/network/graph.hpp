#pragma once
// The layer graph of a trained network, and its float reference inference.

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "network/import_options.hpp"
#include "network/layer.hpp"

namespace memspice::network {

struct LayerId {
  int value = 0;
  friend bool operator==(LayerId, LayerId) = default;
};

/// Whole numbers low .. high.
struct CodeRange {
  float low = 0.0F, high = 255.0F;
};

/// Layers as vertices, tensors as edges. Layer k's inputs are the network input or other layers.
class Graph {
 public:
  Graph();
  ~Graph();
  Graph(Graph&&) noexcept;
  Graph& operator=(Graph&&) noexcept;

  /// Marks "the network's input" where a producing layer is asked for.
  static constexpr LayerId kInput{-1};

  void set_input_shape(Shape shape);  ///< for a batch of 1: 1 x C x H x W or 1 x n
  const Shape& input_shape() const noexcept;
  /// What the input is made of, where the network takes codes; empty: any numbers.
  void set_input_codes(std::optional<CodeRange> codes);
  const std::optional<CodeRange>& input_codes() const noexcept;

  /// Adds a layer fed by `inputs`; infers its output shape. Throws InputError naming the layer when
  /// shapes do not fit, a weight is not finite, or an input does not exist.
  LayerId add(Layer layer, std::vector<LayerId> inputs);

  int layer_count() const noexcept;
  const Layer& layer(LayerId id) const;
  std::span<const LayerId> inputs(LayerId id) const;  ///< producers, in operand order
  std::vector<LayerId> consumers(LayerId id) const;
  const Shape& shape_of(LayerId id) const;             ///< output shape; input shape for kInput
  std::span<const LayerId> topological_order() const;  ///< every layer after its producers
  LayerId output() const noexcept;                     ///< the layer whose output is the network's
  void set_output(LayerId id);
  LayerId find(std::string_view name) const;  ///< throws InputError with a suggestion

 private:
  struct Impl;  // keeps Boost.Graph out of this header
  std::unique_ptr<Impl> impl_;
};

/// One layer on a batch: inputs in operand order, each N x ...; float32, the definition of right.
Tensor apply_layer(const Layer& layer, std::span<const Tensor* const> inputs);

/// Replaces apply_layer for chosen layers; an empty result means "use the reference".
using LayerHook = std::function<Tensor(LayerId, std::span<const Tensor* const>)>;

/// The network on a batch N x C x H x W: each layer as `hook` answers it, else in float. Frees each
/// tensor after its last use.
Tensor run_graph(const Graph& graph, const Tensor& batch, const LayerHook& hook = {});

/// ONNX file -> graph: constants and normalisation folded, Identity, Dropout removed. Its
/// input_shape (batch 1) replaces the declared one, for free axes or other sizes; as many values in
/// more or fewer axes change nothing. An input N x H x W x C or N x L x C becomes one with its
/// channels first where layers work on that. Throws InputError naming file, node, operator and the
/// supported list.
Graph load_onnx(const std::filesystem::path& path, const ImportOptions& options = {});

/// The ONNX operators that load_onnx reads, in alphabetical order.
std::vector<std::string> supported_operators();

}  // namespace memspice::network
