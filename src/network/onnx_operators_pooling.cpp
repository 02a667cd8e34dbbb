// Pooling, means over axes, nearest-neighbour resize.

#include <algorithm>
#include <array>
#include <string_view>

#include "network/onnx_operators.hpp"
#include "network/shapes.hpp"

namespace memspice::network {
namespace {

Pooling read_pooling(OnnxNode& node, Pooling::Kind kind) {
  Pooling p;
  p.kind = kind;
  p.window = read_window(node, {});
  p.window.ceil_mode = node.integer("ceil_mode", 0) != 0;
  return p;
}

std::vector<std::int64_t> axes_to_average(OnnxNode& node) {
  auto axes = node.integer_list("axes");
  if (node.has_input(1)) axes = node.integers(1);
  if (axes.empty() && node.integer("noop_with_empty_axes", 0) != 0) {
    node.reject("noop_with_empty_axes=1", "a mean over no axes is no mean");
  }
  if (!axes.empty()) return axes;
  for (std::size_t k = 0; k < node.shape(0).size(); ++k) {
    axes.push_back(static_cast<std::int64_t>(k));
  }
  return axes;
}

/// One of the names that the specification allows.
template <std::size_t n>
std::string choice(OnnxNode& node,
                   const char* name,
                   const std::array<std::string_view, n>& known,
                   const char* otherwise) {
  const auto value = node.text(name, otherwise);
  if (std::ranges::find(known, std::string_view(value)) == known.end()) {
    node.reject(std::string(name) + " " + value, "this mode cannot be imported");
  }
  return value;
}

/// Pads of an image from ONNX's order (starts of all axes, then ends).
std::array<int, 4> image_padding(OnnxNode& node, const std::vector<std::int64_t>& pads) {
  if (std::ranges::all_of(pads, [](auto n) { return n == 0; })) return {};
  const bool is_image = node.shape(0).size() == 4 && pads.size() == 8;
  if (!is_image || pads[0] != 0 || pads[1] != 0 || pads[4] != 0 || pads[5] != 0) {
    node.reject("pads of " + to_text(node.shape(0)), "only height and width can be padded");
  }
  std::array<int, 4> sides{};
  constexpr std::array<std::size_t, 4> kFrom{2, 3, 6, 7};
  for (std::size_t k = 0; k < 4; ++k) sides[k] = small_integer(node, pads[kFrom[k]], 0, "pads");
  return sides;
}

bool has_values(const OnnxNode& node, int k) {
  return node.has_input(k) && node.constant(k).count() > 0;
}

void read_resize_scales(OnnxNode& node, int operand, Resize& r) {
  const Tensor scales = node.constant(operand).to_tensor();
  if (scales.size() != 4 || scales.data[0] != 1.0F || scales.data[1] != 1.0F) {
    node.reject("scales " + to_text(scales.shape), "only height and width can be resized");
  }
  r.scale = {scales.data[2], scales.data[3]};
}

void read_resize_sizes(OnnxNode& node, int operand, Resize& r) {
  const auto sizes = node.integers(operand);
  const Shape& x = node.shape(0);
  if (x.size() != 4 || sizes.size() != 4 || sizes[0] != x[0] * node.batch() || sizes[1] != x[1]) {
    node.reject("sizes for " + to_text(x), "only height and width can be resized");
  }
  for (std::size_t axis = 0; axis < 2; ++axis) {
    r.size[axis] = small_integer(node, sizes[axis + 2], 1, "size");
    r.scale[axis] = static_cast<float>(r.size[axis]) / static_cast<float>(x[axis + 2]);
  }
}

}  // namespace

void read_max_pool(OnnxNode& node) {
  node.ignore_attribute("storage_order");  // concerns the indices, which are not imported
  node.emit(read_pooling(node, Pooling::Kind::Max));
}

void read_average_pool(OnnxNode& node) {
  const auto zeros = node.take_padding();
  Pooling p = read_pooling(node, Pooling::Kind::Average);
  p.count_padding = node.integer("count_include_pad", 0) != 0;
  if (zeros != std::array<int, 4>{}) {
    // A Pad node's zeros are pixels like others; the layer's own padding may be meant otherwise.
    const bool pads_itself = p.window.padding != std::array<int, 4>{};
    if (pads_itself && !p.count_padding) node.reject("pads", "follow a Pad node");
    add_padding(node, zeros, p.window);
    p.count_padding = true;
  }
  node.emit(std::move(p));
}

void read_global_average_pool(OnnxNode& node) {
  const auto rank = static_cast<int>(node.shape(0).size());
  GlobalAverage g;
  for (int axis = 2; axis < rank; ++axis) g.axes.push_back(axis);
  node.emit(std::move(g));
}

void read_reduce_mean(OnnxNode& node) {
  GlobalAverage g;
  g.keep_dimensions = node.integer("keepdims", 1) != 0;
  for (const auto axis : axes_to_average(node)) {
    g.axes.push_back(normal_axis(axis, node.shape(0).size(), node.place()));
  }
  std::ranges::sort(g.axes);
  node.emit(std::move(g));
}

void read_pad(OnnxNode& node) {
  node.take_padding();  // added to in forward_padded
  const auto pads = node.has_input(1) ? node.integers(1) : node.integer_list("pads");
  const auto mode = node.text("mode", "constant");
  const float value = node.has_input(2) ? node.scalar(2) : node.number("value", 0.0F);
  const auto sides = image_padding(node, pads);
  if (sides == std::array<int, 4>{}) return node.forward(0);
  if (mode != "constant" || value != 0.0F) {
    node.reject("mode " + mode, "only padding with zeros can be imported");
  }
  node.forward_padded(sides);
}

void read_resize(OnnxNode& node) {
  for (const char* name : {"cubic_coeff_a", "exclude_outside", "extrapolation_value"}) {
    node.ignore_attribute(name);  // they concern interpolation only
  }
  choice<1>(node, "mode", {"nearest"}, "nearest");
  Resize r;
  // Opset 10 has no such attributes and means these values.
  const bool is_first = node.opset() < 11;
  r.coordinates = choice<5>(
      node,
      "coordinate_transformation_mode",
      {"half_pixel", "pytorch_half_pixel", "asymmetric", "align_corners", "tf_half_pixel_for_nn"},
      is_first ? "asymmetric" : "half_pixel");
  r.rounding = choice<4>(node,
                         "nearest_mode",
                         {"round_prefer_floor", "round_prefer_ceil", "floor", "ceil"},
                         is_first ? "floor" : "round_prefer_floor");
  const int scales = is_first ? 1 : 2;
  if (has_values(node, scales)) {
    read_resize_scales(node, scales, r);
  } else if (has_values(node, 3)) {
    read_resize_sizes(node, 3, r);
  } else {
    node.reject("neither scales nor sizes", "one of them is needed");
  }
  node.emit(std::move(r));
}

}  // namespace memspice::network
