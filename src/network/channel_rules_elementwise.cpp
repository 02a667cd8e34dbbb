// How channels pass the operators that act on each channel by itself.

#include <algorithm>

#include "network/channel_node.hpp"

namespace memspice::network {
namespace {

using Layout = Channels::Layout;

/// Where a constant operand holds the channels of `tensor`: an axis from the front; -1: nowhere.
int channel_axis(const Channels& tensor, std::size_t rank) {
  const int behind = tensor.layout == Layout::Image ? 3 : 1;  // axes from it to the end
  return static_cast<int>(rank) - behind;
}

void follow_with_constant(ChannelNode& node, int operand, const Channels& tensor) {
  const auto shape = node.dimensions(operand);
  const int axis = channel_axis(tensor, shape.size());
  const bool is_followed = tensor.layout != Layout::Other && axis <= 1;
  if (!is_followed) return node.block("whose constant does not follow the image");
  const std::int64_t length = axis < 0 ? 1 : shape[static_cast<std::size_t>(axis)];
  if (length != 1) {
    const std::int64_t channels = std::max<std::int64_t>(node.channels(tensor.group), 1);
    const bool repeats = tensor.layout == Layout::Flat && length % channels == 0;
    node.cut(operand, axis, tensor.group, repeats ? length / channels : 1);
  }
  node.give(tensor);
}

/// Two computed tensors: one channel of the one meets the same channel of the other.
void follow_pair(ChannelNode& node, const Channels& a, const Channels& b) {
  if (a.layout != b.layout || a.layout == Layout::Other) {
    return node.block("which joins tensors of different layout");
  }
  const std::int64_t in_a = node.channels(a.group), in_b = node.channels(b.group);
  // One plane for all channels: it has none to remove, and the others stay as they are.
  const auto is_plane = [](const Channels& tensor, std::int64_t channels) {
    return channels == 1 && (tensor.layout == Layout::Image || tensor.is_single);
  };
  if (is_plane(a, in_a) && in_b > 1) return node.give({b.group, b.layout, b.is_single});
  if (is_plane(b, in_b) && in_a > 1) return node.give({a.group, a.layout, a.is_single});
  node.join(a.group, b.group);
  node.give({a.group, a.layout, a.is_single && b.is_single});
}

}  // namespace

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
  if (input->layout != Layout::Image) return node.block("which averages no image");
  node.give({input->group, input->layout, true});
}

void follow_elementwise(ChannelNode& node) {
  const auto a = node.computed(0), b = node.computed(1);
  if (a && b) return follow_pair(node, *a, *b);
  if (a) return follow_with_constant(node, 1, *a);
  if (b) return follow_with_constant(node, 0, *b);
}

}  // namespace memspice::network
