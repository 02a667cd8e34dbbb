#pragma once
// The arithmetic that sequences need beside their crossbars: gates, and products of two computed
// tensors with the softmax between them.

#include <cstdint>
#include <optional>

#include "network/graph.hpp"

namespace memspice::network {

/// Of one image.
struct DigitalWork {
  std::int64_t multiplications = 0, additions = 0;
  std::int64_t functions = 0;                ///< values of exp, tanh, a sigmoid, ...
  std::int64_t words_in = 0, words_out = 0;  ///< operands and results
  DigitalWork& operator+=(const DigitalWork& other) noexcept;
};

/// Of a recurrence without its product, a MatrixProduct or a softmax; nothing for other layers.
std::optional<DigitalWork> digital_work(const Graph& graph, LayerId id);

/// Does a layer carry a state, or multiply two computed tensors?
bool has_sequence_work(const Graph& graph);
/// Of all layers; nothing for a network without such a layer.
std::optional<DigitalWork> sequence_work(const Graph& graph);

}  // namespace memspice::network
