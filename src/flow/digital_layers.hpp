#pragma once
// What a network computes beside its crossbars and their circuits.

#include <optional>
#include <string>

#include "network/digital_work.hpp"

namespace memspice::flow {

/// Layers that stay digital for want of a circuit, by operation, with how many values they give per
/// image; nothing where there are none.
std::optional<std::string> digital_note(const network::Graph& graph);

/// "digital: 2 Activation Relu, Pooling Max": all that no crossbar carries, by how often.
std::string digital_layers(const network::Graph& graph);

/// "gates and attention, an image: 1200 multiplications, ...": what sequences need of a digital
/// unit.
std::string sequence_text(const network::DigitalWork& work);

}  // namespace memspice::flow
