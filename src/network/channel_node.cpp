#include "network/channel_node.hpp"

#include <onnx/onnx_pb.h>

#include <algorithm>

#include "network/onnx_constant.hpp"

namespace memspice::network {
namespace {

const onnx::AttributeProto* find_attribute(const onnx::NodeProto& node, std::string_view name) {
  for (const auto& attribute : node.attribute()) {
    if (attribute.name() == name) return &attribute;
  }
  return nullptr;
}

}  // namespace

ChannelNode::ChannelNode(const onnx::GraphProto& graph, int index, ChannelMap& map)
    : graph_(graph), node_(graph.node(index)), index_(index), map_(map) {}

std::string ChannelNode::place() const {
  const std::string name = !node_.name().empty()     ? node_.name()
                           : node_.output_size() > 0 ? node_.output(0)
                                                     : std::string();
  return "node \"" + name + "\" (" + node_.op_type() + ')';
}

bool ChannelNode::is_operator(std::string_view name) const {
  return node_.op_type() == name;
}

int ChannelNode::operand_count() const {
  return node_.input_size();
}

std::optional<Channels> ChannelNode::computed(int operand) const {
  if (operand >= node_.input_size()) return std::nullopt;
  const auto found = map_.tensors.find(node_.input(operand));
  return found == map_.tensors.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::int64_t> ChannelNode::dimensions(int operand) const {
  if (operand >= node_.input_size()) return {};
  const onnx::TensorProto* constant = find_constant(graph_, node_.input(operand));
  if (constant == nullptr) return {};
  return {constant->dims().begin(), constant->dims().end()};
}

std::optional<std::vector<std::int64_t>> ChannelNode::integers(int operand) const {
  if (operand >= node_.input_size()) return std::nullopt;
  const onnx::TensorProto* constant = find_constant(graph_, node_.input(operand));
  if (constant == nullptr) return std::nullopt;
  const Constant values = read_constant(*constant, place());
  if (!values.is_integer()) return std::nullopt;
  return std::get<1>(values.values);
}

std::int64_t ChannelNode::integer(std::string_view name, std::int64_t otherwise) const {
  const auto* found = find_attribute(node_, name);
  return found == nullptr ? otherwise : found->i();
}

std::vector<std::int64_t> ChannelNode::integer_list(std::string_view name) const {
  const auto* found = find_attribute(node_, name);
  if (found == nullptr) return {};
  return {found->ints().begin(), found->ints().end()};
}

void ChannelNode::cut(int operand, int axis, int group, std::int64_t repeat) {
  if (operand >= node_.input_size() || node_.input(operand).empty()) return;
  const auto shape = dimensions(operand);
  if (static_cast<int>(shape.size()) <= axis) {
    return map_.groups.block(
        group, "its channels reach " + place() + ", whose constants are not stored but computed");
  }
  map_.groups.require(group, shape[static_cast<std::size_t>(axis)] / repeat, place());
  map_.cuts.push_back({index_, operand, axis, repeat, group});
}

void ChannelNode::mark_depthwise(int group) {
  map_.depthwise.push_back({index_, group, -1});
}

void ChannelNode::mark_normalization() {
  const auto writes_operand = [this](const DepthwiseNode& depthwise) {
    return graph_.node(depthwise.node).output(0) == node_.input(0);
  };
  const auto found = std::ranges::find_if(map_.depthwise, writes_operand);
  if (found != map_.depthwise.end()) found->normalization = index_;
}

void ChannelNode::give(const Channels& output) {
  if (node_.output_size() > 0) map_.tensors[node_.output(0)] = output;
}

void ChannelNode::block(const std::string& why) {
  bool is_computed = false;
  const std::string obstacle = "its channels reach " + place() + ", " + why;
  for (int k = 0; k < node_.input_size(); ++k) {
    if (const auto operand = computed(k)) {
      map_.groups.block(operand->group, obstacle);
      is_computed = true;
    }
  }
  if (!is_computed) return;
  const int lost = map_.groups.add(0);
  map_.groups.block(lost, "its channels come from " + place() + ", " + why);
  for (const std::string& name : node_.output()) {
    map_.tensors[name] = {lost, Channels::Layout::Other, false};
  }
}

}  // namespace memspice::network
