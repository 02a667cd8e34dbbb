// Operators that move no data or join tensors. Shapes in a file are those of the batch it was
// exported with; layers keep the batch free.

#include <algorithm>

#include "network/onnx_movement.hpp"
#include "network/onnx_operators.hpp"
#include "network/shapes.hpp"

namespace memspice::network {
namespace {

/// Operand 0's shape as the file means it.
Shape exported_shape(OnnxNode& node) {
  Shape shape = node.shape(0);
  if (!node.is_constant(0) && !shape.empty()) shape[0] *= node.batch();
  return shape;
}

/// `wanted` with its 0 and -1 entries filled in, for the exported batch.
Shape complete_shape(OnnxNode& node, const Shape& wanted) {
  const Shape from = exported_shape(node);
  Shape shape = wanted;
  auto inferred = shape.end();
  std::int64_t known = 1;
  const auto total = element_count(from);
  for (auto n = shape.begin(); n != shape.end(); ++n) {
    const auto axis = static_cast<std::size_t>(n - shape.begin());
    if (*n == 0 && axis < from.size()) *n = from[axis];
    if (*n == -1 && inferred == shape.end()) {
      inferred = n;
      continue;
    }
    if (*n < 1 || *n > kMaxElements / known) {
      node.reject(to_text(from) + " to " + to_text(wanted), "is no shape to reshape to");
    }
    known *= *n;
  }
  if (inferred != shape.end()) *inferred = total / known;
  if (element_count(shape) != total) {
    node.reject(to_text(from) + " to " + to_text(wanted), "the element counts differ");
  }
  return shape;
}

/// Emits a reshape to a complete shape of the exported batch, or passes the operand on.
void emit_reshape(OnnxNode& node, Shape to) {
  if (node.is_constant(0)) {
    Constant constant = node.constant(0);
    constant.shape = std::move(to);
    if (constant.steps.size() > 1) constant.steps.clear();  // their axis is another now
    node.emit(std::move(constant));
    return;
  }
  if (to.empty() || to[0] % node.batch() != 0) {
    node.reject(to_text(exported_shape(node)) + " to " + to_text(to),
                "mixes the images of a batch",
                "export the network with a batch of 1");
  }
  to[0] /= node.batch();
  const Shape& from = node.shape(0);
  if (to == from) {
    node.forward(0);
    return;
  }
  to[0] = to[0] == from[0] ? 0 : -1;
  node.emit(Reshape{std::move(to), {}});
}

/// Axes of Squeeze and Unsqueeze: an attribute before opset 13, an operand since.
std::vector<std::int64_t> axes_of(OnnxNode& node, std::size_t rank) {
  auto axes = node.axes_of(node.has_input(1) ? node.integers(1) : node.integer_list("axes"));
  for (auto& axis : axes) axis = normal_axis(axis, rank, node.place());
  std::ranges::sort(axes);
  if (std::ranges::adjacent_find(axes) != axes.end()) node.reject("axes", "an axis is named twice");
  return axes;
}

/// Operand k as a constant: itself, or zeros where it is computed.
Constant constant_or_zeros(OnnxNode& node, int k) {
  if (!node.is_constant(k)) {
    return {node.shape(k), Tensor(node.shape(k)).data};
  }
  Constant constant = node.constant(k);
  if (node.is_whole()) constant.shape.insert(constant.shape.begin(), 1);
  return constant;
}

/// Computed tensors with room between them for constants, which are added there: 0 + c.
void concatenate_with_constants(OnnxNode& node, std::int64_t axis_as_given) {
  std::vector<Constant> parts;
  std::vector<const Constant*> pointers;
  for (int k = 0; k < node.input_count(); ++k) parts.push_back(constant_or_zeros(node, k));
  for (const Constant& part : parts) pointers.push_back(&part);
  const Constant summand = fold_concatenation(pointers, axis_as_given, node.place());
  node.require_room(2 * summand.count());
  const auto axis =
      static_cast<std::size_t>(normal_axis(axis_as_given, summand.shape.size(), node.place()));
  std::vector<Places> places(summand.shape.size());
  std::vector<int> computed;
  std::int64_t next = 0;
  for (int k = 0; k < node.input_count(); ++k) {
    const bool is_constant = node.is_constant(k);
    if (!is_constant) computed.push_back(node.source(k));
    for (std::int64_t i = 0; i < parts[static_cast<std::size_t>(k)].shape[axis]; ++i) {
      places[axis].push_back(is_constant ? -1 : next++);
    }
  }
  Shape joined = summand.shape;
  joined[axis] = next;
  if (computed.size() > 1) {
    computed = {node.emit(Concatenation{static_cast<int>(axis)}, computed, "_computed")};
  }
  const int spread = node.emit(select_places(joined, places), std::move(computed), "_spread");
  node.emit(Elementwise{Elementwise::Kind::Add, summand.to_tensor(), false}, {spread});
}

/// An attribute before opset 5, an operand since.
std::vector<std::int64_t> wanted_shape(OnnxNode& node) {
  node.ignore_attribute("consumed_inputs");
  if (node.has_input(1)) return node.integers(1);
  if (!node.has_attribute("shape")) node.reject("the shape", "is missing");
  return node.integer_list("shape");
}

}  // namespace

void read_concat(OnnxNode& node) {
  if (!node.has_attribute("axis") && node.opset() >= 4) node.reject("axis", "is missing");
  const auto axis = node.axis_of(node.integer("axis", 1));
  int constants = 0;
  for (int k = 0; k < node.input_count(); ++k) constants += node.is_constant(k) ? 1 : 0;
  if (constants == node.input_count()) {
    std::vector<const Constant*> parts;
    std::int64_t elements = 0;
    for (int k = 0; k < constants; ++k) {
      parts.push_back(&node.constant(k));
      elements += parts.back()->count();
    }
    node.require_room(elements);
    node.emit(fold_concatenation(parts, axis, node.place()));
    return;
  }
  if (constants > 0) return concatenate_with_constants(node, axis);
  std::vector<int> inputs;
  for (int k = 0; k < node.input_count(); ++k) inputs.push_back(node.source(k));
  const int normal = normal_axis(axis, node.shape(0).size(), node.place());
  node.emit(Concatenation{normal}, std::move(inputs));
}

void read_flatten(OnnxNode& node) {
  const Shape shape = exported_shape(node);
  const auto rank = static_cast<std::int64_t>(shape.size());
  auto axis = node.integer("axis", 1);
  if (axis < -rank || axis > rank) node.reject("axis " + std::to_string(axis), "is no axis");
  if (axis < 0) axis += rank;
  const auto middle = shape.begin() + static_cast<std::ptrdiff_t>(axis);
  emit_reshape(
      node,
      {element_count(Shape(shape.begin(), middle)), element_count(Shape(middle, shape.end()))});
}

void read_reshape(OnnxNode& node) {
  auto wanted = wanted_shape(node);
  const bool takes_zeros = node.integer("allowzero", 0) != 0;
  if (takes_zeros && std::ranges::find(wanted, 0) != wanted.end()) {
    node.reject("allowzero=1", "a tensor without elements cannot be imported");
  }
  if (node.is_whole()) wanted.insert(wanted.begin(), 1);
  emit_reshape(node, complete_shape(node, wanted));
}

void read_squeeze(OnnxNode& node) {
  const Shape shape = exported_shape(node);
  const auto axes = axes_of(node, shape.size());
  Shape kept;
  for (std::size_t k = 0; k < shape.size(); ++k) {
    const bool named = std::ranges::find(axes, static_cast<std::int64_t>(k)) != axes.end();
    if (named && shape[k] != 1) node.reject(to_text(shape), "squeezes an axis longer than 1");
    const bool is_images = k == 0 && node.is_whole();
    if (named || (axes.empty() && shape[k] == 1 && !is_images)) continue;
    kept.push_back(shape[k]);
  }
  emit_reshape(node, std::move(kept));
}

void read_unsqueeze(OnnxNode& node) {
  Shape shape = exported_shape(node);
  const auto count = node.has_input(1) ? node.integers(1).size() : node.integer_list("axes").size();
  const std::size_t added = node.lacks_batch(0) ? 1 : 0;  // the batch axis is there already
  auto axes = axes_of(node, shape.size() - added + count);
  if (added == 1) {
    if (axes.empty() || axes[0] != 0) {
      node.reject("axes", "the input is one image: the axis of its batch comes first");
    }
    axes.erase(axes.begin());
  }
  for (const auto axis : axes) shape.insert(shape.begin() + axis, 1);
  emit_reshape(node, std::move(shape));
}

}  // namespace memspice::network
