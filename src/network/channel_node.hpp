#pragma once
// One node of an ONNX graph as a rule sees it that follows channels through the node.

#include <optional>
#include <string_view>

#include "network/channel_map.hpp"

namespace onnx {
class NodeProto;
}

namespace memspice::network {

class ChannelNode {
 public:
  ChannelNode(const onnx::GraphProto& graph, int index, ChannelMap& map);

  int operand_count() const;
  std::optional<Channels> computed(int operand) const;      ///< nothing for a constant
  std::vector<std::int64_t> dimensions(int operand) const;  ///< of a stored constant; else empty
  /// The values of a stored constant of integers; nothing for any other operand.
  std::optional<std::vector<std::int64_t>> integers(int operand) const;
  std::int64_t integer(std::string_view attribute, std::int64_t otherwise) const;
  std::vector<std::int64_t> integer_list(std::string_view attribute) const;  ///< empty when absent
  bool is_operator(std::string_view name) const;

  int add_group(std::int64_t channels) { return map_.groups.add(channels); }
  std::int64_t channels(int group) const { return map_.groups.channels(group); }
  void join(int a, int b) { map_.groups.join(a, b); }
  /// A constant operand holds `group` along `axis`; nothing to do where the operand is absent.
  void cut(int operand, int axis, int group, std::int64_t repeat = 1);
  void mark_depthwise(int group);
  void mark_normalization();  ///< of the depthwise node that writes operand 0, if one does

  void give(const Channels& output);  ///< what output 0 carries
  /// No channel of a computed operand can be removed: "its channels reach node X (Op), <why>".
  void block(const std::string& why);

 private:
  std::string place() const;  ///< node "X" (Op)

  const onnx::GraphProto& graph_;
  const onnx::NodeProto& node_;
  int index_;
  ChannelMap& map_;
};

using ChannelRule = void (*)(ChannelNode& node);

/// How channels pass an operator, by the table in onnx_operators.cpp; null: they are not followed
/// through it.
ChannelRule find_channel_rule(std::string_view operator_name);

// ---- channel_rules_elementwise.cpp
/// Operand 0 alone carries channels; any other is a bound or a slope for all of them.
void follow_each_channel(ChannelNode& node);
void follow_global_average(ChannelNode& node);
void follow_elementwise(ChannelNode& node);  ///< Add, Sub, Mul, Div

// ---- channel_rules_weights.cpp
void follow_convolution(ChannelNode& node);
void follow_product(ChannelNode& node);  ///< Gemm and MatMul
void follow_normalization(ChannelNode& node);

// ---- channel_rules_shape.cpp
void follow_flatten(ChannelNode& node);
void follow_reshape(ChannelNode& node);
void follow_squeeze(ChannelNode& node);
void follow_unsqueeze(ChannelNode& node);
void follow_concatenation(ChannelNode& node);
void follow_mean(ChannelNode& node);
void follow_resize(ChannelNode& node);
void follow_pad(ChannelNode& node);

}  // namespace memspice::network
