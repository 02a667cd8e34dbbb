// ONNX file -> layer graph: read the file, take its constants and its input, read the nodes in the
// order of their data, then merge and name the layers.

#include <google/protobuf/stubs/logging.h>
#include <onnx/onnx_pb.h>

#include <algorithm>
#include <queue>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "network/onnx_operators.hpp"

namespace memspice::network {
namespace {

constexpr std::int64_t kOldestOpset = 1;
constexpr std::int64_t kNewestOpset = 21;

[[noreturn]] void reject(const std::string& place,
                         const std::string& value,
                         const std::string& rule,
                         const std::string& remedy) {
  throw InputError({.place = place, .value = value, .rule = rule, .remedy = remedy});
}

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
  std::int64_t opset = 0;
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
  if (graph.sparse_initializer_size() > 0) {
    reject(state.file, "sparse weights", "weights are dense", "export dense weights");
  }
  for (const auto& tensor : graph.initializer()) {
    auto constant = std::make_shared<const Constant>(
        read_constant(tensor, state.file + ": weight \"" + tensor.name() + "\""));
    if (!state.values.emplace(tensor.name(), Value{std::move(constant), kDraftInput, {}}).second) {
      reject(state.file, "\"" + tensor.name() + "\"", "two weights have this name", {});
    }
  }
}

const onnx::ValueInfoProto& find_input(const onnx::GraphProto& graph, const ImportState& state) {
  const onnx::ValueInfoProto* found = nullptr;
  for (const auto& input : graph.input()) {
    if (state.values.contains(input.name())) continue;
    if (found != nullptr) {
      reject(state.file,
             "inputs \"" + found->name() + "\" and \"" + input.name() + "\"",
             "a network takes one input",
             "export the network with its weights stored in the file");
    }
    found = &input;
  }
  if (found == nullptr) reject(state.file, {}, "the network has no input", "export it again");
  return *found;
}

/// The declared shape with the batch at 1; its batch goes to state.batch.
Shape declared_shape(const onnx::ValueInfoProto& input, ImportState& state) {
  const std::string place = state.file + ": input \"" + input.name() + "\"";
  const auto& type = input.type().tensor_type();
  if (type.elem_type() != onnx::TensorProto::FLOAT &&
      type.elem_type() != onnx::TensorProto::DOUBLE) {
    reject(place,
           "element type " + std::to_string(type.elem_type()),
           "the input is float or double",
           "export the network with a float input");
  }
  Shape shape;
  for (const auto& dim : type.shape().dim())
    shape.push_back(dim.has_dim_value() ? dim.dim_value() : 0);
  if (!shape.empty()) {
    state.batch = std::clamp<std::int64_t>(shape[0], 1, 1 << 20);
    shape[0] = 1;
  }
  return shape;
}

void read_input(const onnx::GraphProto& graph, const Shape& given, ImportState& state) {
  const auto& input = find_input(graph, state);
  Shape shape = declared_shape(input, state);
  const std::string place = state.file + ": input \"" + input.name() + "\"";
  if (!given.empty()) {
    shape = given;
    shape[0] = 1;
  }
  if (shape.empty() || std::ranges::any_of(shape, [](auto n) { return n < 1; })) {
    reject(place,
           to_text(shape),
           "the shape is not fixed (0 stands for a free axis)",
           "give the shape of one image with network.input_shape or export with fixed axes");
  }
  element_count(shape);
  state.draft.input_shape = shape;
  state.values[input.name()] = Value{};
}

/// Which node produces each name.
std::map<std::string, int> find_producers(const onnx::GraphProto& graph, const ImportState& state) {
  std::map<std::string, int> producers;
  for (int k = 0; k < graph.node_size(); ++k) {
    for (const std::string& name : graph.node(k).output()) {
      if (name.empty()) continue;
      if (state.values.contains(name) || !producers.emplace(name, k).second) {
        reject(state.file, "\"" + name + "\"", "is produced twice", "export the network again");
      }
    }
  }
  return producers;
}

/// The nodes that the output needs, each after those it takes data from; among those that are
/// ready the file's order holds. Throws InputError for a name that nothing produces and for a
/// cycle.
class NodeOrder {
 public:
  NodeOrder(const onnx::GraphProto& graph, const ImportState& state)
      : graph_(graph),
        state_(state),
        producers_(find_producers(graph, state)),
        waiting_(static_cast<std::size_t>(graph.node_size()), -1),
        users_(static_cast<std::size_t>(graph.node_size())) {}

  std::vector<int> find(const std::string& output) {
    int needed = 0;
    std::vector<int> open;
    visit_producer(output, -1, open);
    while (!open.empty()) {
      const int k = open.back();
      open.pop_back();
      ++needed;
      for (const std::string& name : graph_.node(k).input()) visit_producer(name, k, open);
    }
    const auto order = release_in_order();
    if (static_cast<int>(order.size()) != needed) {
      reject(state_.file, {}, "the nodes form a cycle", "export the network again");
    }
    return order;
  }

 private:
  /// Marks the producer of `name` as needed and as what `user` waits for.
  void visit_producer(const std::string& name, int user, std::vector<int>& open) {
    if (name.empty() || state_.values.contains(name)) return;
    const auto found = producers_.find(name);
    if (found == producers_.end()) {
      const std::string who =
          user < 0 ? std::string("output") : "node \"" + graph_.node(user).name() + "\"";
      reject(state_.file + ": " + who,
             "\"" + name + "\"",
             "nothing in the file produces this tensor",
             "export the network again");
    }
    const auto k = static_cast<std::size_t>(found->second);
    if (user >= 0) {
      users_[k].push_back(user);
      ++waiting_[static_cast<std::size_t>(user)];
    }
    if (waiting_[k] >= 0) return;
    waiting_[k] = 0;
    open.push_back(found->second);
  }

  std::vector<int> release_in_order() {
    std::priority_queue<int, std::vector<int>, std::greater<>> ready;
    for (int k = 0; k < graph_.node_size(); ++k) {
      if (waiting_[static_cast<std::size_t>(k)] == 0) ready.push(k);
    }
    std::vector<int> order;
    while (!ready.empty()) {
      const int k = ready.top();
      ready.pop();
      order.push_back(k);
      for (const int user : users_[static_cast<std::size_t>(k)]) {
        if (--waiting_[static_cast<std::size_t>(user)] == 0) ready.push(user);
      }
    }
    return order;
  }

  const onnx::GraphProto& graph_;
  const ImportState& state_;
  std::map<std::string, int> producers_;
  std::vector<int> waiting_;  ///< operands not yet there; -1: the node is not needed
  std::vector<std::vector<int>> users_;
};

void read_node(const onnx::NodeProto& proto, ImportState& state) {
  OnnxNode node(proto, state);
  const bool is_standard = proto.domain().empty() || proto.domain() == "ai.onnx";
  const OperatorReader read = is_standard ? find_reader(proto.op_type()) : nullptr;
  if (read == nullptr) {
    const std::string name = is_standard ? proto.op_type() : proto.domain() + "." + proto.op_type();
    node.reject("operator " + name,
                "is not supported",
                "supported are " + join(supported_operators(), ", "));
  }
  for (const std::string& input : proto.input()) {
    if (!input.empty() && !state.values.contains(input)) {
      node.reject("\"" + input + "\"", "is a second output, which memspice does not compute");
    }
  }
  name_place(node.place(), [&] {
    read(node);
    node.reject_unread_attributes();
  });
}

void read_nodes(const onnx::GraphProto& graph, ImportState& state) {
  if (graph.output_size() != 1) {
    reject(state.file,
           std::to_string(graph.output_size()) + " outputs",
           "a network has one output",
           "export the network with one output");
  }
  const std::string& output = graph.output(0).name();
  for (const int k : NodeOrder(graph, state).find(output)) read_node(graph.node(k), state);
  const auto found = state.values.find(output);
  if (found == state.values.end() || found->second.constant != nullptr) {
    reject(state.file, "\"" + output + "\"", "the output does not depend on the input", {});
  }
  if (found->second.padding != std::array<int, 4>{}) {
    reject(state.file, "\"" + output + "\"", "a padded image is no output", "drop the last Pad");
  }
  state.draft.output = found->second.layer;
}

}  // namespace

void parse_model(const std::string& bytes, const std::string& file, onnx::ModelProto& model) {
  if (bytes.empty()) reject(file, {}, "is empty", "export the network again");
  // Protobuf would write its own message about a damaged file to stderr.
  const google::protobuf::LogSilencer silence;
  const bool parsed = model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  if (!parsed || !model.has_graph() || model.graph().node_size() == 0) {
    reject(file,
           {},
           "is no ONNX network, or a truncated one",
           "name a file that was exported as ONNX");
  }
}

ImportedGraph import_model(const onnx::ModelProto& model,
                           const std::string& file,
                           const Shape& input_shape) {
  ImportState state;
  state.file = file;
  return name_place(state.file, [&] {
    state.opset = read_opset(model, state.file);
    read_initializers(model.graph(), state);
    read_input(model.graph(), input_shape, state);
    read_nodes(model.graph(), state);
    recognise_activations(state.draft);
    fold_into_weights(state.draft);
    return to_graph(std::move(state.draft));
  });
}

Graph load_onnx(const std::filesystem::path& path, const Shape& input_shape) {
  onnx::ModelProto model;
  parse_model(read_file(path), path.string(), model);
  return import_model(model, path.string(), input_shape).graph;
}

}  // namespace memspice::network
