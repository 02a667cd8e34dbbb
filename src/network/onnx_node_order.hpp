#pragma once
// In which order the nodes of an ONNX graph are read.

#include <string>
#include <vector>

#include "network/onnx_node.hpp"

namespace onnx {
class GraphProto;
}

namespace memspice::network {

/// The nodes that `output` needs, each after those it takes data from; among those that are ready
/// the file's order holds. Throws InputError for a name that nothing produces and for a cycle.
std::vector<int> find_node_order(const onnx::GraphProto& graph,
                                 const ImportState& state,
                                 const std::string& output);

}  // namespace memspice::network
