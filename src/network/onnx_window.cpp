#include "network/onnx_window.hpp"

#include <algorithm>

namespace memspice::network {
namespace {

constexpr std::int64_t kMostPixels = 1 << 16;

/// The attribute as `count` small integers, or `count` times `otherwise`.
std::vector<int> small_integers(OnnxNode& node,
                                const char* name,
                                std::size_t count,
                                int otherwise) {
  const auto values = node.integer_list(name);
  if (values.empty()) return std::vector<int>(count, otherwise);
  if (values.size() != count) {
    node.reject(std::string(name) + " with " + std::to_string(values.size()) + " entries",
                "has one entry per axis of the window, pads two");
  }
  std::vector<int> small;
  for (const auto v : values) small.push_back(small_integer(node, v, otherwise, name));
  return small;
}

/// Splits what SAME needs over both ends; the odd pixel goes to the end for SAME_UPPER.
void pad_same(OnnxNode& node, AutoPad mode, std::size_t axis, Window& w) {
  const std::int64_t length = node.shape(0)[image_axis(node, axis)];
  const std::int64_t count = (length + w.stride[axis] - 1) / w.stride[axis];
  const std::int64_t reach = std::int64_t{w.dilation[axis]} * (w.kernel[axis] - 1) + 1;
  const std::int64_t total =
      std::max((count - 1) * w.stride[axis] + reach - length, std::int64_t{0});
  const int padding = small_integer(node, total, 0, "padding");
  const int half = padding / 2;
  w.padding[axis] = mode == AutoPad::SameUpper ? half : padding - half;
  w.padding[axis + 2] = padding - w.padding[axis];
}

}  // namespace

int small_integer(OnnxNode& node, std::int64_t value, int low, const char* what) {
  if (value < low || value > kMostPixels) {
    node.reject(std::string(what) + " " + std::to_string(value),
                "lies outside " + std::to_string(low) + " to " + std::to_string(kMostPixels));
  }
  return static_cast<int>(value);
}

void add_padding(OnnxNode& node, const std::array<int, 4>& zeros, Window& window) {
  if (zeros == std::array<int, 4>{}) return;
  if (read_auto_pad(node) != AutoPad::None) node.reject("auto_pad", "follows a Pad node");
  for (std::size_t side = 0; side < zeros.size(); ++side) {
    window.padding[side] =
        small_integer(node, std::int64_t{window.padding[side]} + zeros[side], 0, "padding");
  }
}

AutoPad read_auto_pad(OnnxNode& node) {
  const auto mode = node.text("auto_pad", "NOTSET");
  if (mode == "SAME_UPPER") return AutoPad::SameUpper;
  if (mode == "SAME_LOWER") return AutoPad::SameLower;
  if (mode != "NOTSET" && mode != "VALID") node.reject("auto_pad " + mode, "is no such mode");
  return AutoPad::None;
}

std::size_t image_axis(OnnxNode& node, std::size_t axis) {
  return axis + node.shape(0).size() - 2;
}

Window read_window(OnnxNode& node, const Shape& kernel) {
  Shape size = node.integer_list("kernel_shape");
  if (size.empty()) size = kernel;
  const std::size_t axes = size.size();
  if (axes < 1 || axes > 2 || node.shape(0).size() != axes + 2) {
    node.reject("input " + to_text(node.shape(0)) + ", kernel " + to_text(size),
                "windows slide over images N x C x H x W or sequences N x C x L",
                "use layers over images or sequences, or run the part before this node "
                "elsewhere");
  }
  Window w;
  const auto strides = small_integers(node, "strides", axes, 1);
  const auto dilations = small_integers(node, "dilations", axes, 1);
  const auto pads = small_integers(node, "pads", 2 * axes, 0);
  const AutoPad mode = read_auto_pad(node);
  for (std::size_t k = 0; k < axes; ++k) {
    const std::size_t axis = k + 2 - axes;  // a sequence is an image of height 1
    w.kernel[axis] = small_integer(node, size[k], 1, "kernel_shape");
    w.stride[axis] = strides[k];
    w.dilation[axis] = dilations[k];
    w.padding[axis] = pads[k];
    w.padding[axis + 2] = pads[axes + k];
    const bool is_same = mode != AutoPad::None && node.operator_name() != "ConvTranspose";
    if (is_same) pad_same(node, mode, axis, w);
  }
  return w;
}

int emit_over_image(OnnxNode& node, Operation operation, int from) {
  if (node.shape(0).size() != 3) return node.emit(std::move(operation), {from});
  const int image = node.emit(Reshape{{0, 0, 1, -1}, {}}, {from}, "_image");
  const int result = node.emit(std::move(operation), {image});
  return node.emit(Reshape{{0, 0, -1}, {}}, {result}, "_sequence");
}

void emit_over_image(OnnxNode& node, Operation operation) {
  emit_over_image(node, std::move(operation), node.source(0));
}

}  // namespace memspice::network
