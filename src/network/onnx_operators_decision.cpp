// Operators that turn scores into the number of a class, as exporters put them at a network's end.
// Whoever judges a network takes the largest score himself, so its output is the scores.

#include "network/onnx_operators.hpp"
#include "network/shapes.hpp"

namespace memspice::network {
namespace {

/// Rejects an axis that is not the one of the classes: the only one longer than 1 in an image.
void require_class_axis(OnnxNode& node, std::int64_t axis_as_given) {
  const Shape& shape = node.shape(0);
  const int axis = normal_axis(axis_as_given, shape.size(), node.place());
  if (axis == 0) node.reject("axis 0", "the first axis is the batch; images may not mix");
  if (shape[static_cast<std::size_t>(axis)] == 1) {
    node.reject(to_text(shape), "one score has no largest", "end the network before this node");
  }
  for (std::size_t k = 1; k < shape.size(); ++k) {
    if (static_cast<int>(k) == axis || shape[k] == 1) continue;
    node.reject("axis " + std::to_string(axis_as_given) + " of " + to_text(shape),
                "finds a class at each of several positions; a network ends in one score per class",
                "end the network before this node");
  }
}

}  // namespace

void read_arg_max(OnnxNode& node) {
  require_class_axis(node, node.integer("axis", 0));
  node.ignore_attribute("keepdims");  // a class is one number with or without its axis
  if (node.integer("select_last_index", 0) != 0) {
    node.reject("select_last_index=1", "of equal scores the first wins", "end before this node");
  }
  node.forward_as_class();
}

void read_top_k(OnnxNode& node) {
  require_class_axis(node, node.integer("axis", -1));
  node.ignore_attribute("sorted");
  const auto k = node.has_input(1) ? node.integers(1) : Shape{node.integer("k", 0)};
  if (k != Shape{1} || node.integer("largest", 1) == 0) {
    node.reject("k " + to_text(k),
                "only the one largest score can be taken, at the network's end",
                "end the network before this node");
  }
  node.write_to(1);
  node.forward_as_class();
}

}  // namespace memspice::network
