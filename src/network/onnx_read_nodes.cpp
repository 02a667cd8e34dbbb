#include "network/onnx_read_nodes.hpp"

#include <onnx/onnx_pb.h>

#include "base/text.hpp"
#include "network/onnx_blocked.hpp"
#include "network/onnx_node_order.hpp"
#include "network/onnx_operators.hpp"

namespace memspice::network {
namespace {

/// The node's reader; rejects an operator that has none.
OperatorReader reader_of(const onnx::NodeProto& proto, ImportState& state) {
  const OperatorReader read = find_reader(proto.domain(), proto.op_type());
  if (read != nullptr) return read;
  const bool is_standard = proto.domain().empty() || proto.domain() == "ai.onnx";
  const std::string nearest = nearest_operator(proto.op_type());
  OnnxNode(proto, state)
      .reject("operator " + (is_standard ? "" : proto.domain() + ".") + proto.op_type(),
              "is not supported",
              (nearest.empty() ? "" : "the nearest that is: " + nearest + "; ") +
                  "export the network without it (another opset, a simplifier), or end the "
                  "network before this node and run the rest in float; supported are " +
                  join(supported_operators(), ", "));
}

void read_node(const onnx::NodeProto& proto, ImportState& state) {
  OnnxNode node(proto, state);
  const OperatorReader read = reader_of(proto, state);
  for (const std::string& input : proto.input()) {
    if (!input.empty() && !state.values.contains(input)) {
      node.reject("\"" + input + "\"", "is a second output, which memspice does not compute");
    }
  }
  name_place(node.place(), [&] {
    if (takes_any_form(proto.op_type()) && node.has_whole_operand()) node.take_whole();
    read(node);
    node.reject_unread_attributes();
  });
}

}  // namespace

void read_initializers(const onnx::GraphProto& graph, ImportState& state) {
  for (const auto& tensor : graph.initializer()) {
    auto constant = std::make_shared<const Constant>(
        read_constant(tensor, state.file + ": weight \"" + tensor.name() + "\""));
    if (!state.values.emplace(tensor.name(), Value{std::move(constant), kDraftInput, {}}).second) {
      reject(state.file, "\"" + tensor.name() + "\"", "two weights have this name", {});
    }
  }
}

void read_nodes(const onnx::GraphProto& graph,
                const std::vector<std::string>& outputs,
                ImportState& state) {
  const std::vector<int> order = find_node_order(graph, state, outputs);
  state.needed.insert(outputs.begin(), outputs.end());
  for (const int k : order) {
    const auto names = names_read_by(graph.node(k));
    state.needed.insert(names.begin(), names.end());
  }
  // An operator that is missing altogether comes before what fails of the others.
  for (const int k : order) reader_of(graph.node(k), state);
  for (const int k : order) read_node(graph.node(k), state);
}

void OnnxNode::become(const onnx::GraphProto& branch) {
  if (branch.output_size() != node_.output_size()) {
    reject(std::to_string(branch.output_size()) + " outputs of the branch",
           "gives as many as the node has",
           "export the network again");
  }
  require_no_loop(branch, state_.file);
  read_initializers(branch, state_);
  std::vector<std::string> wanted;
  for (int k = 0; k < branch.output_size(); ++k) {
    if (is_needed(k)) wanted.push_back(branch.output(k).name());
  }
  read_nodes(branch, wanted, state_);
  for (int k = 0; k < branch.output_size(); ++k) {
    if (is_needed(k)) {
      state_.values.emplace(node_.output(k), state_.values.at(branch.output(k).name()));
    }
  }
}

}  // namespace memspice::network
