// Pooling over windows and over whole images.

#include <algorithm>

#include "network/onnx_operators.hpp"
#include "network/onnx_window.hpp"
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

}  // namespace

void read_max_pool(OnnxNode& node) {
  node.ignore_attribute("storage_order");  // concerns the indices, which are not imported
  emit_over_image(node, read_pooling(node, Pooling::Kind::Max));
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
  emit_over_image(node, std::move(p));
}

/// A window as large as the image, for which there is a circuit; other shapes are reduced.
void read_global_max_pool(OnnxNode& node) {
  const Shape& shape = node.shape(0);
  if (shape.size() != 3 && shape.size() != 4) {
    Reduction reduction{find_reduction("ReduceMax"), {}, true};
    for (int axis = 2; axis < static_cast<int>(shape.size()); ++axis)
      reduction.axes.push_back(axis);
    node.emit(std::move(reduction));
    return;
  }
  Pooling p;
  for (std::size_t axis = 4 - shape.size(); axis < 2; ++axis) {
    p.window.kernel[axis] = small_integer(node, shape[image_axis(node, axis)], 1, "image");
  }
  emit_over_image(node, std::move(p));
}

void read_global_average_pool(OnnxNode& node) {
  const auto rank = static_cast<int>(node.shape(0).size());
  GlobalAverage g;
  for (int axis = 2; axis < rank; ++axis) g.axes.push_back(axis);
  node.emit(std::move(g));
}

}  // namespace memspice::network
