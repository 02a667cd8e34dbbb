#include <algorithm>

#include "network/onnx_operators.hpp"

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
                "only two-dimensional windows can be imported",
                "write 1-D data as images of height 1");
  }
  std::vector<int> small;
  for (const auto v : values) small.push_back(small_integer(node, v, otherwise, name));
  return small;
}

/// Splits what SAME needs over both ends; the odd pixel goes to the end for SAME_UPPER.
void pad_same(OnnxNode& node, AutoPad mode, std::size_t axis, Window& w) {
  const std::int64_t length = node.shape(0)[axis + 2];
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

Window read_window(OnnxNode& node, const Shape& kernel) {
  Shape size = node.integer_list("kernel_shape");
  if (size.empty()) size = kernel;
  if (size.size() != 2 || node.shape(0).size() != 4) {
    node.reject("input " + to_text(node.shape(0)) + ", kernel " + to_text(size),
                "only two-dimensional windows can be imported",
                "write 1-D data as images of height 1");
  }
  Window w;
  const auto strides = small_integers(node, "strides", 2, 1);
  const auto dilations = small_integers(node, "dilations", 2, 1);
  const auto pads = small_integers(node, "pads", 4, 0);
  for (std::size_t axis = 0; axis < 2; ++axis) {
    w.kernel[axis] = small_integer(node, size[axis], 1, "kernel_shape");
    w.stride[axis] = strides[axis];
    w.dilation[axis] = dilations[axis];
  }
  std::copy_n(pads.begin(), 4, w.padding.begin());
  const AutoPad mode = read_auto_pad(node);
  if (mode == AutoPad::None || node.operator_name() == "ConvTranspose") return w;
  for (std::size_t axis = 0; axis < 2; ++axis) pad_same(node, mode, axis, w);
  return w;
}

}  // namespace memspice::network
