#include "network/channel_map.hpp"

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "network/channel_node.hpp"
#include "network/onnx_node_order.hpp"

namespace memspice::network {
namespace {

const onnx::NodeProto* find_producer(const onnx::GraphProto& graph, const std::string& name) {
  for (const auto& node : graph.node()) {
    if (node.output_size() > 0 && node.output(0) == name) return &node;
  }
  return nullptr;
}

const onnx::TensorProto* value_of(const onnx::NodeProto& constant) {
  for (const auto& attribute : constant.attribute()) {
    if (attribute.name() == "value" && attribute.has_t()) return &attribute.t();
  }
  return nullptr;
}

/// The network's input, with its channels as an obstacle.
void add_input(const onnx::GraphProto& graph, ChannelMap& map) {
  for (const auto& input : graph.input()) {
    if (find_constant(graph, input.name()) != nullptr) continue;
    const auto& shape = input.type().tensor_type().shape();
    const int group = map.groups.add(shape.dim_size() > 1 ? shape.dim(1).dim_value() : 0);
    map.groups.block(group, "its channels are the network's input");
    const auto layout = shape.dim_size() == 4   ? Channels::Layout::Image
                        : shape.dim_size() == 2 ? Channels::Layout::Flat
                                                : Channels::Layout::Other;
    map.tensors[input.name()] = {group, layout, false};
  }
}

void require_order(const onnx::NodeProto& node,
                   const std::set<std::string>& later,
                   const std::string& file) {
  for (const std::string& name : node.input()) {
    if (!later.contains(name)) continue;
    throw InputError({.place = file + ": node \"" + node.name() + "\"",
                      .value = '"' + name + '"',
                      .rule = "is used before the node that produces it",
                      .remedy = "sort the nodes by their data, as ONNX asks"});
  }
}

/// Tensors that a node's branches take from around them.
void block_branches(const onnx::NodeProto& node, ChannelMap& map) {
  for (const std::string& name : names_read_by(node)) {
    const auto found = map.tensors.find(name);
    if (found == map.tensors.end()) continue;
    map.groups.block(found->second.group,
                     "its channels reach node \"" + node.name() + "\" or a branch of it");
  }
}

void follow(const onnx::GraphProto& graph, int index, ChannelMap& map) {
  ChannelNode node(graph, index, map);
  const ChannelRule rule = find_channel_rule(graph.node(index).op_type());
  if (rule == nullptr) {
    node.block("through which they cannot be followed");
    return block_branches(graph.node(index), map);
  }
  rule(node);
}

}  // namespace

int ChannelGroups::add(std::int64_t channels) {
  groups_.push_back({.channels = channels});
  return static_cast<int>(groups_.size()) - 1;
}

int ChannelGroups::find(int group) const {
  while (groups_[static_cast<std::size_t>(group)].joined_to >= 0) {
    group = groups_[static_cast<std::size_t>(group)].joined_to;
  }
  return group;
}

void ChannelGroups::block(int group, const std::string& obstacle) {
  Group& blocked = at(group);
  if (blocked.obstacle.empty()) blocked.obstacle = obstacle;
}

void ChannelGroups::join(int a, int b) {
  a = find(a);
  b = find(b);
  if (a == b) return;
  const Group joined = groups_[static_cast<std::size_t>(std::max(a, b))];
  groups_[static_cast<std::size_t>(std::max(a, b))].joined_to = std::min(a, b);
  if (!joined.obstacle.empty()) block(a, joined.obstacle);
  if (joined.channels > 0) require(a, joined.channels, "a layer it is joined with");
}

void ChannelGroups::require(int group, std::int64_t channels, const std::string& place) {
  Group& required = at(group);
  if (required.channels == 0) required.channels = channels;
  if (required.channels == channels) return;
  block(group, "its channels reach " + place + ", where their number differs");
}

const onnx::TensorProto* find_constant(const onnx::GraphProto& graph, const std::string& name) {
  if (name.empty()) return nullptr;
  for (const auto& tensor : graph.initializer()) {
    if (tensor.name() == name) return &tensor;
  }
  const onnx::NodeProto* producer = find_producer(graph, name);
  if (producer == nullptr) return nullptr;
  if (producer->op_type() == "Constant") return value_of(*producer);
  const bool passes = producer->op_type() == "Identity" && producer->input_size() == 1;
  return passes ? find_constant(graph, producer->input(0)) : nullptr;
}

ChannelMap map_channels(const onnx::GraphProto& graph, const std::string& file) {
  ChannelMap map;
  add_input(graph, map);
  std::set<std::string> later;
  for (const auto& node : graph.node()) later.insert(node.output().begin(), node.output().end());
  later.erase("");
  for (int k = 0; k < graph.node_size(); ++k) {
    require_order(graph.node(k), later, file);
    follow(graph, k, map);
    for (const std::string& name : graph.node(k).output()) later.erase(name);
  }
  for (const auto& output : graph.output()) {
    const auto found = map.tensors.find(output.name());
    if (found == map.tensors.end()) continue;
    map.groups.block(found->second.group, "its channels are the network's output");
  }
  return map;
}

}  // namespace memspice::network
