// ONNX file -> layer graph: read the file, take its constants and its input, read the nodes in the
// order of their data, then merge and name the layers.

#include <onnx/onnx_pb.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "network/onnx_blocked.hpp"
#include "network/onnx_input.hpp"
#include "network/onnx_node_order.hpp"
#include "network/onnx_operators.hpp"

namespace memspice::network {
namespace {

constexpr std::int64_t kOldestOpset = 1;
constexpr std::int64_t kNewestOpset = 25;

/// Runs `body`; a fault whose place does not name the file yet gets `place` put in front.
template <typename Body>
auto name_place(const std::string& place, const Body& body) {
  try {
    return body();
  } catch (const InputError& error) {
    const Fault& fault = error.fault();
    if (fault.place.starts_with(place)) throw;
    reject(place + ": " + fault.place, fault.value, fault.rule, fault.remedy);
  }
}

std::int64_t read_opset(const onnx::ModelProto& model, const std::string& file) {
  constexpr int kFirstWithOpsets = 3;  // IR version
  std::int64_t opset =
      model.ir_version() < kFirstWithOpsets && model.has_ir_version() ? kOldestOpset : 0;
  for (const auto& import : model.opset_import()) {
    if (import.domain().empty() || import.domain() == "ai.onnx") opset = import.version();
  }
  if (opset < kOldestOpset || opset > kNewestOpset) {
    reject(file,
           "opset " + std::to_string(opset),
           "opsets " + std::to_string(kOldestOpset) + " to " + std::to_string(kNewestOpset) +
               " can be imported",
           "export with opset 13");
  }
  return opset;
}

void read_initializers(const onnx::GraphProto& graph, ImportState& state) {
  for (const auto& tensor : graph.initializer()) {
    auto constant = std::make_shared<const Constant>(
        read_constant(tensor, state.file + ": weight \"" + tensor.name() + "\""));
    if (!state.values.emplace(tensor.name(), Value{std::move(constant), kDraftInput, {}}).second) {
      reject(state.file, "\"" + tensor.name() + "\"", "two weights have this name", {});
    }
  }
}

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

/// One image's tensor whose first axis is the batch of 1 ends as a batch of images.
int output_layer(const Value& output, ImportState& state) {
  Shape shape = state.draft.shape_of(output.layer);
  if (!output.is_whole || shape.size() < 3 || shape[1] != 1) return output.layer;
  shape.erase(shape.begin());
  shape[0] = 0;
  return state.draft.add({.name = "output",
                          .place = state.file,
                          .operation = Reshape{std::move(shape), {}},
                          .inputs = {output.layer},
                          .shape = {}});
}

void read_nodes(const onnx::GraphProto& graph, const std::string& output, ImportState& state) {
  const std::vector<int> order = find_node_order(graph, state, output);
  state.needed.insert(output);
  for (const int k : order) {
    state.needed.insert(graph.node(k).input().begin(), graph.node(k).input().end());
  }
  // An operator that is missing altogether comes before what fails of the others.
  for (const int k : order) reader_of(graph.node(k), state);
  for (const int k : order) read_node(graph.node(k), state);
  const auto found = state.values.find(output);
  if (found == state.values.end() || found->second.constant != nullptr) {
    reject(state.file, "\"" + output + "\"", "the output does not depend on the input", {});
  }
  if (found->second.padding != std::array<int, 4>{}) {
    reject(state.file, "\"" + output + "\"", "a padded image is no output", "drop the last Pad");
  }
  state.draft.output = output_layer(found->second, state);
}

}  // namespace

ImportedGraph import_model(const onnx::ModelProto& model,
                           const std::string& file,
                           const ImportOptions& options) {
  ImportState state;
  state.file = file;
  return name_place(state.file, [&] {
    require_no_loop(model.graph(), state.file);
    state.opset = read_opset(model, state.file);
    state.room = room_of(model);
    read_initializers(model.graph(), state);
    const std::string output = choose_output(model.graph(), options, state.file);
    read_inputs(model.graph(), output, options, state);
    read_nodes(model.graph(), output, state);
    fold_layout(state.draft);
    recognise_activations(state.draft);
    fold_into_weights(state.draft);
    return to_graph(std::move(state.draft));
  });
}

Graph load_onnx(const std::filesystem::path& path, const ImportOptions& options) {
  onnx::ModelProto model;
  load_model(path, model);
  return import_model(model, path.string(), options).graph;
}

}  // namespace memspice::network
