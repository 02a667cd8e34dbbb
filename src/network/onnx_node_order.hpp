#pragma once
// In which order the nodes of an ONNX graph are read.

#include <string>
#include <vector>

#include "network/onnx_node.hpp"

namespace onnx {
class GraphProto;
class NodeProto;
}  // namespace onnx

namespace memspice::network {

/// The tensors that a node reads, those that its branches take from around it included.
std::vector<std::string> names_read_by(const onnx::NodeProto& node);

/// The nodes that `outputs` need, each after those it takes data from; among those that are ready
/// the file's order holds. Throws InputError for a name that nothing produces and for a cycle.
std::vector<int> find_node_order(const onnx::GraphProto& graph,
                                 const ImportState& state,
                                 const std::vector<std::string>& outputs);

}  // namespace memspice::network
