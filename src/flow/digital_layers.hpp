#pragma once
// What a network computes beside its crossbars and their circuits.

#include <optional>
#include <string>

#include "network/graph.hpp"

namespace memspice::flow {

/// Layers that stay digital for want of a circuit, by operation, with how many values they give per
/// image; nothing where there are none.
std::optional<std::string> digital_note(const network::Graph& graph);

/// "digital: 2 Activation Relu, Pooling Max": all that no crossbar carries, by how often.
std::string digital_layers(const network::Graph& graph);

}  // namespace memspice::flow
