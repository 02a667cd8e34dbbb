#pragma once
// Networks of kinds that cannot be imported, told by what they are before any node is read: the
// first node that fails is often one that only serves the real obstacle.

#include <string>

namespace onnx {
class GraphProto;
}

namespace memspice::network {

/// Throws InputError naming the node whose body runs once for each step.
void require_no_loop(const onnx::GraphProto& graph, const std::string& file);

}  // namespace memspice::network
