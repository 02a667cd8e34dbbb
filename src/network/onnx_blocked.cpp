#include "network/onnx_blocked.hpp"

#include <onnx/onnx_pb.h>

#include "base/error.hpp"

namespace memspice::network {

void require_no_loop(const onnx::GraphProto& graph, const std::string& file) {
  for (const auto& node : graph.node()) {
    if (node.op_type() != "Loop" && node.op_type() != "Scan") continue;
    const std::string& output = node.output_size() > 0 ? node.output(0) : node.op_type();
    const std::string name =
        node.name().empty() ? "producing \"" + output + "\"" : "\"" + node.name() + "\"";
    throw InputError({.place = file + ": node " + name + " (" + node.op_type() + ")",
                      .value = "operator " + node.op_type(),
                      .rule = "a body that runs once a step cannot be imported yet; recurrent "
                              "layers are read as LSTM, GRU and RNN",
                      .remedy = "export the layer as one of these, or the steps written out one "
                                "behind the other"});
  }
}

}  // namespace memspice::network
