#include "network/onnx_node_order.hpp"

#include <onnx/onnx_pb.h>

#include <functional>
#include <map>
#include <queue>
#include <set>

#include "base/error.hpp"

namespace memspice::network {
namespace {

/// What a branch reads and does not make itself.
std::set<std::string> names_from_around(const onnx::GraphProto& branch) {
  std::set<std::string> read, made;
  for (const auto& tensor : branch.initializer()) made.insert(tensor.name());
  for (const auto& node : branch.node()) {
    const auto names = names_read_by(node);
    read.insert(names.begin(), names.end());
    made.insert(node.output().begin(), node.output().end());
  }
  for (const auto& output : branch.output()) read.insert(output.name());
  for (const std::string& name : made) read.erase(name);
  return read;
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

class NodeOrder {
 public:
  NodeOrder(const onnx::GraphProto& graph, const ImportState& state)
      : graph_(graph),
        state_(state),
        producers_(find_producers(graph, state)),
        waiting_(static_cast<std::size_t>(graph.node_size()), -1),
        users_(static_cast<std::size_t>(graph.node_size())) {}

  std::vector<int> find(const std::vector<std::string>& outputs) {
    int needed = 0;
    std::vector<int> open;
    for (const std::string& output : outputs) visit_producer(output, -1, open);
    while (!open.empty()) {
      const int k = open.back();
      open.pop_back();
      ++needed;
      for (const std::string& name : names_read_by(graph_.node(k))) visit_producer(name, k, open);
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

}  // namespace

std::vector<std::string> names_read_by(const onnx::NodeProto& node) {
  std::vector<std::string> names(node.input().begin(), node.input().end());
  for (const auto& attribute : node.attribute()) {
    if (attribute.type() != onnx::AttributeProto::GRAPH) continue;
    const auto around = names_from_around(attribute.g());
    names.insert(names.end(), around.begin(), around.end());
  }
  return names;
}

std::vector<int> find_node_order(const onnx::GraphProto& graph,
                                 const ImportState& state,
                                 const std::vector<std::string>& outputs) {
  return NodeOrder(graph, state).find(outputs);
}

}  // namespace memspice::network
