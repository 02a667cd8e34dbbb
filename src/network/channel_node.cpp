#include "network/channel_node.hpp"

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <array>

#include "network/onnx_constant.hpp"

namespace memspice::network {
namespace {

const onnx::AttributeProto* find_attribute(const onnx::NodeProto& node, std::string_view name) {
  for (const auto& attribute : node.attribute()) {
    if (attribute.name() == name) return &attribute;
  }
  return nullptr;
}

// ---- operators that act on each channel by itself

/// Operand 0 alone carries channels; any other is a bound or a slope for all of them.
void follow_each_channel(ChannelNode& node) {
  const auto input = node.computed(0);
  if (!input) return;
  for (int k = 1; k < node.operand_count(); ++k) {
    if (node.computed(k)) return node.block("which takes more than one computed tensor");
  }
  node.give(*input);
}

void follow_global_average(ChannelNode& node) {
  const auto input = node.computed(0);
  if (!input) return;
  if (input->layout != Channels::Layout::Image) return node.block("which averages no image");
  node.give({input->group, input->layout, true});
}

/// Where a constant operand holds the channels of `tensor`: an axis from the front; -1: nowhere.
int channel_axis(const Channels& tensor, std::size_t rank) {
  const int behind = tensor.layout == Channels::Layout::Image ? 3 : 1;  // axes from it to the end
  return static_cast<int>(rank) - behind;
}

void follow_with_constant(ChannelNode& node, int operand, const Channels& tensor) {
  const auto shape = node.dimensions(operand);
  const int axis = channel_axis(tensor, shape.size());
  const bool is_followed = tensor.layout != Channels::Layout::Other && axis <= 1;
  if (!is_followed) return node.block("whose constant does not follow the image");
  const std::int64_t length = axis < 0 ? 1 : shape[static_cast<std::size_t>(axis)];
  if (length != 1) {
    const std::int64_t channels = std::max<std::int64_t>(node.channels(tensor.group), 1);
    const bool repeats = tensor.layout == Channels::Layout::Flat && length % channels == 0;
    node.cut(operand, axis, tensor.group, repeats ? length / channels : 1);
  }
  node.give(tensor);
}

/// Two computed tensors: one channel of the one meets the same channel of the other.
void follow_pair(ChannelNode& node, const Channels& a, const Channels& b) {
  if (a.layout != b.layout || a.layout == Channels::Layout::Other) {
    return node.block("which joins tensors of different layout");
  }
  const std::int64_t in_a = node.channels(a.group), in_b = node.channels(b.group);
  // One plane for all channels: it has none to remove, and the others stay as they are.
  const auto is_plane = [](const Channels& tensor, std::int64_t channels) {
    return channels == 1 && (tensor.layout == Channels::Layout::Image || tensor.is_single);
  };
  if (is_plane(a, in_a) && in_b > 1) return node.give({b.group, b.layout, b.is_single});
  if (is_plane(b, in_b) && in_a > 1) return node.give({a.group, a.layout, a.is_single});
  node.join(a.group, b.group);
  node.give({a.group, a.layout, a.is_single && b.is_single});
}

/// Add, Sub, Mul, Div.
void follow_elementwise(ChannelNode& node) {
  const auto a = node.computed(0), b = node.computed(1);
  if (a && b) return follow_pair(node, *a, *b);
  if (a) return follow_with_constant(node, 1, *a);
  if (b) return follow_with_constant(node, 0, *b);
}

struct NamedRule {
  std::string_view name;
  ChannelRule rule;
};

/// Every operator that channels are followed through, in alphabetical order. A line adds one.
constexpr std::array kRules{
    NamedRule{"Add", follow_elementwise},
    NamedRule{"AveragePool", follow_each_channel},
    NamedRule{"BatchNormalization", follow_normalization},
    NamedRule{"Cast", follow_each_channel},
    NamedRule{"Clip", follow_each_channel},
    NamedRule{"Concat", follow_concatenation},
    NamedRule{"Conv", follow_convolution},
    NamedRule{"ConvTranspose", follow_convolution},
    NamedRule{"Div", follow_elementwise},
    NamedRule{"Dropout", follow_each_channel},
    NamedRule{"Flatten", follow_flatten},
    NamedRule{"Gemm", follow_product},
    NamedRule{"GlobalAveragePool", follow_global_average},
    NamedRule{"HardSigmoid", follow_each_channel},
    NamedRule{"HardSwish", follow_each_channel},
    NamedRule{"Identity", follow_each_channel},
    NamedRule{"LeakyRelu", follow_each_channel},
    NamedRule{"MatMul", follow_product},
    NamedRule{"MaxPool", follow_each_channel},
    NamedRule{"Mul", follow_elementwise},
    NamedRule{"Pad", follow_pad},
    NamedRule{"ReduceMean", follow_mean},
    NamedRule{"Relu", follow_each_channel},
    NamedRule{"Reshape", follow_reshape},
    NamedRule{"Resize", follow_resize},
    NamedRule{"Sigmoid", follow_each_channel},
    NamedRule{"Squeeze", follow_squeeze},
    NamedRule{"Sub", follow_elementwise},
    NamedRule{"Tanh", follow_each_channel},
    NamedRule{"Unsqueeze", follow_unsqueeze},
};

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

ChannelRule find_channel_rule(std::string_view operator_name) {
  const auto* found = std::ranges::find(kRules, operator_name, &NamedRule::name);
  if (found != kRules.end()) return found->rule;
  return find_function(operator_name) != nullptr ? follow_each_channel : nullptr;
}

}  // namespace memspice::network
