// How channels pass the operators that change a tensor's shape.

#include <algorithm>

#include "network/channel_node.hpp"

namespace memspice::network {
namespace {

using Layout = Channels::Layout;

/// Axes of an attribute, or of operand 1 since opset 13; counted from the front in `rank` axes.
std::vector<std::int64_t> axes_of(const ChannelNode& node, std::int64_t rank) {
  auto axes = node.integer_list("axes");
  if (const auto operand = node.integers(1)) axes = *operand;
  for (auto& axis : axes) axis += axis < 0 ? rank : 0;
  std::ranges::sort(axes);
  return axes;
}

const std::vector<std::int64_t> kPixels{2, 3};  ///< height and width

}  // namespace

void follow_flatten(ChannelNode& node) {
  const auto input = node.computed(0);
  if (!input) return;
  const bool is_followed = input->layout != Layout::Other && node.integer("axis", 1) == 1;
  if (!is_followed) return node.block("which does not keep images apart");
  node.give({input->group, Layout::Flat, input->is_single});
}

/// To one row per image, or a row of single values back to an image.
void follow_reshape(ChannelNode& node) {
  const auto input = node.computed(0);
  if (!input) return;
  const auto shape = node.integers(1);
  const bool is_row = shape && shape->size() == 2 && (*shape)[0] >= 0 && (*shape)[1] == -1;
  const bool is_image = shape && shape->size() == 4 && (*shape)[0] >= 0 && (*shape)[1] == -1 &&
                        (*shape)[2] == 1 && (*shape)[3] == 1 && input->is_single;
  if (input->layout == Layout::Other || !(is_row || is_image)) {
    return node.block("which states how many values there are");
  }
  node.give({input->group, is_row ? Layout::Flat : Layout::Image, input->is_single});
}

void follow_squeeze(ChannelNode& node) {
  const auto input = node.computed(0);
  if (!input) return;
  const bool is_followed = input->layout == Layout::Image && axes_of(node, 4) == kPixels;
  if (!is_followed) return node.block("which drops other axes than height and width");
  node.give({input->group, Layout::Flat, true});
}

void follow_unsqueeze(ChannelNode& node) {
  const auto input = node.computed(0);
  if (!input) return;
  const bool is_followed =
      input->layout == Layout::Flat && input->is_single && axes_of(node, 4) == kPixels;
  if (!is_followed) return node.block("which makes no image of single values");
  node.give({input->group, Layout::Image, true});
}

/// Along height or width channels meet as in a sum; along the channels they are lined up.
void follow_concatenation(ChannelNode& node) {
  const auto first = node.computed(0);
  const std::int64_t axis = node.integer("axis", 1);
  const bool along_pixels = axis == 2 || axis == 3 || axis == -1 || axis == -2;
  if (!along_pixels) return node.block("which lines up the channels of several layers");
  for (int k = 0; k < node.operand_count(); ++k) {
    const auto operand = node.computed(k);
    if (!operand || operand->layout != Layout::Image) return node.block("which joins no images");
    node.join(first->group, operand->group);
  }
  node.give({first->group, Layout::Image, false});
}

void follow_mean(ChannelNode& node) {
  const auto input = node.computed(0);
  if (!input) return;
  const bool is_followed = input->layout == Layout::Image && axes_of(node, 4) == kPixels;
  if (!is_followed) return node.block("which averages other axes than height and width");
  const bool keeps = node.integer("keepdims", 1) != 0;
  node.give({input->group, keeps ? Layout::Image : Layout::Flat, true});
}

void follow_resize(ChannelNode& node) {
  const auto input = node.computed(0);
  if (!input) return;
  const bool is_followed = input->layout == Layout::Image && node.operand_count() <= 3;
  if (!is_followed) return node.block("which states how many channels there are");
  node.give({input->group, Layout::Image, false});
}

/// pads: before and after each axis; an attribute before opset 11, an operand since.
void follow_pad(ChannelNode& node) {
  const auto input = node.computed(0);
  if (!input) return;
  auto pads = node.integer_list("pads");
  if (const auto operand = node.integers(1)) pads = *operand;
  const bool is_followed =
      input->layout == Layout::Image && pads.size() == 8 && pads[1] == 0 && pads[5] == 0;
  if (!is_followed) return node.block("which pads other axes than height and width");
  node.give({input->group, Layout::Image, false});
}

}  // namespace memspice::network
