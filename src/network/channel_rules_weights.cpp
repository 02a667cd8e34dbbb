// How channels pass the operators that carry weights.

#include <algorithm>

#include "network/channel_node.hpp"

namespace memspice::network {
namespace {

using Layout = Channels::Layout;

/// A 1x1 kernel without padding keeps one value per channel.
bool keeps_single(const ChannelNode& node, const std::vector<std::int64_t>& weight) {
  const auto pads = node.integer_list("pads");
  return weight[2] == 1 && weight[3] == 1 && node.is_operator("Conv") &&
         std::ranges::all_of(pads, [](std::int64_t n) { return n == 0; });
}

/// Each output channel reads every input channel. `in` and `out`: the weight's axes.
void follow_full(ChannelNode& node, const Channels& input, int in, int out) {
  const auto weight = node.dimensions(1);
  const int group = node.add_group(weight[static_cast<std::size_t>(out)]);
  node.cut(1, in, input.group);
  node.cut(1, out, group);
  node.cut(2, 0, group);
  node.give({group, Layout::Image, input.is_single && keeps_single(node, weight)});
}

void follow_depthwise(ChannelNode& node, const Channels& input) {
  node.cut(1, 0, input.group);
  node.cut(2, 0, input.group);
  node.mark_depthwise(input.group);
  const bool is_single = input.is_single && keeps_single(node, node.dimensions(1));
  node.give({input.group, Layout::Image, is_single});
}

}  // namespace

void follow_convolution(ChannelNode& node) {
  const auto input = node.computed(0);
  if (!input) return;
  const auto weight = node.dimensions(1);
  if (weight.size() != 4) return node.block("whose weights are not stored but computed");
  if (input->layout != Layout::Image) return node.block("whose input is no image");
  const std::int64_t groups = node.integer("group", 1);
  const bool transposed = node.is_operator("ConvTranspose");
  if (groups == 1) return follow_full(node, *input, transposed ? 0 : 1, transposed ? 1 : 0);
  if (weight[0] == groups && weight[1] == 1) return follow_depthwise(node, *input);
  node.block("whose " + std::to_string(groups) + " groups hold several channels each");
}

void follow_product(ChannelNode& node) {
  const auto input = node.computed(0);
  if (!input) return node.block("whose input is the right-hand factor");
  const auto weight = node.dimensions(1);
  if (weight.size() != 2) return node.block("whose weights are not a stored matrix");
  const bool is_straight = input->layout == Layout::Flat && node.integer("transA", 0) == 0;
  if (!is_straight) return node.block("which multiplies no vector of channels");
  const bool transposed = node.integer("transB", 0) != 0;
  const int in = transposed ? 1 : 0, out = transposed ? 0 : 1;
  const std::int64_t inputs = weight[static_cast<std::size_t>(in)];
  const std::int64_t channels = node.channels(input->group);
  const std::int64_t repeat = channels > 0 && inputs % channels == 0 ? inputs / channels : 1;
  const int group = node.add_group(weight[static_cast<std::size_t>(out)]);
  node.cut(1, in, input->group, repeat);
  node.cut(1, out, group);
  const auto bias = node.dimensions(2);  // may be one value, or 1 x n
  if (!bias.empty() && bias.back() != 1) node.cut(2, static_cast<int>(bias.size()) - 1, group);
  if (bias.empty() && node.operand_count() > 2) node.cut(2, 0, group);
  node.give({group, Layout::Flat, true});
}

void follow_normalization(ChannelNode& node) {
  const auto input = node.computed(0);
  if (!input) return;
  if (input->layout == Layout::Other) return node.block("whose input is no image");
  for (int operand = 1; operand < 5; ++operand) node.cut(operand, 0, input->group);
  node.mark_normalization();
  node.give(*input);
}

}  // namespace memspice::network
