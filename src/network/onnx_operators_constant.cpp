// Constants and the arithmetic on shapes that exporters leave behind; folded away on import.

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "network/onnx_operators.hpp"
#include "network/shapes.hpp"

namespace memspice::network {
namespace {

/// One of Slice's operands, or before opset 10 its attribute.
std::vector<std::int64_t> slice_parameter(OnnxNode& node, int operand, const char* name) {
  if (node.has_input(operand)) return node.integers(operand);
  return node.integer_list(name);
}

/// Only shapes and weights are taken apart on import.
void require_constant_data(OnnxNode& node) {
  if (!node.has_input(0) || node.is_constant(0)) return;
  node.reject("a computed tensor",
              "takes out a part of what the network computes; that cannot be imported yet",
              "let the layers use the whole tensor");
}

Constant to_integers(OnnxNode& node, const Constant& constant) {
  if (constant.is_integer()) return constant;
  std::vector<std::int64_t> values;
  for (const float v : std::get<0>(constant.values)) {
    if (!(std::abs(v) < 9e18F)) node.reject("a value out of range", "fits 64 bits");
    values.push_back(static_cast<std::int64_t>(v));
  }
  return {constant.shape, std::move(values)};
}

}  // namespace

void read_constant_node(OnnxNode& node) {
  if (const auto* value = node.attribute("value")) {
    if (value->type() != onnx::AttributeProto::TENSOR) node.reject("value", "is a tensor");
    node.emit(read_constant(value->t(), node.place()));
  } else if (node.has_attribute("value_float")) {
    node.emit(Constant{{}, std::vector<float>{node.number("value_float", 0.0F)}});
  } else if (node.has_attribute("value_int")) {
    node.emit(Constant{{}, std::vector<std::int64_t>{node.integer("value_int", 0)}});
  } else if (node.has_attribute("value_floats")) {
    auto values = node.number_list("value_floats");
    node.emit(Constant{{static_cast<std::int64_t>(values.size())}, std::move(values)});
  } else if (node.has_attribute("value_ints")) {
    node.emit(integers_constant(node.integer_list("value_ints")));
  } else {
    node.reject("no numeric value", "a constant is a tensor, a number or a list of numbers");
  }
}

void read_constant_of_shape(OnnxNode& node) {
  const Shape shape = node.integers(0);
  Constant fill{{1}, std::vector<float>{0.0F}};
  if (const auto* value = node.attribute("value")) {
    if (value->type() != onnx::AttributeProto::TENSOR) node.reject("value", "is a tensor");
    fill = read_constant(value->t(), node.place());
  }
  if (fill.count() != 1) node.reject(to_text(fill.shape), "the value is one number");
  if (std::ranges::any_of(shape, [](auto n) { return n < 0; })) {
    node.reject(to_text(shape), "a dimension is negative");
  }
  node.require_room(element_count(shape));
  const auto count = static_cast<std::size_t>(element_count(shape));
  if (fill.is_integer()) {
    node.emit(Constant{shape, std::vector<std::int64_t>(count, std::get<1>(fill.values)[0])});
  } else {
    node.emit(Constant{shape, std::vector<float>(count, std::get<0>(fill.values)[0])});
  }
}

void read_shape(OnnxNode& node) {
  Shape shape = node.shape(0);
  if (!node.is_constant(0) && !shape.empty()) shape[0] *= node.batch();
  const auto rank = static_cast<std::int64_t>(shape.size());
  const auto bound = [rank](std::int64_t v) {
    return std::clamp(v < 0 ? v + rank : v, std::int64_t{0}, rank);
  };
  const auto start = bound(node.integer("start", 0));
  const auto end = std::max(bound(node.integer("end", rank)), start);
  node.emit(integers_constant({shape.begin() + start, shape.begin() + end}));
}

void read_gather(OnnxNode& node) {
  require_constant_data(node);
  if (!node.is_constant(1)) {
    node.reject("computed indices",
                "looks up rows of a table, as networks of words do; that cannot be imported yet",
                "start the network behind its embedding");
  }
  const Constant& x = node.constant(0);
  const Constant& indices = node.constant(1);
  const auto axis = node.integer("axis", 0);
  const auto at = static_cast<std::size_t>(normal_axis(axis, x.shape.size(), node.place()));
  node.require_room(x.count() / std::max<std::int64_t>(1, x.shape[at]) * indices.count());
  node.emit(fold_gather(x, indices, axis, node.place()));
}

void read_slice(OnnxNode& node) {
  require_constant_data(node);
  Constant x = node.constant(0);
  const auto starts = slice_parameter(node, 1, "starts");
  const auto ends = slice_parameter(node, 2, "ends");
  auto axes = slice_parameter(node, 3, "axes");
  auto steps = slice_parameter(node, 4, "steps");
  if (axes.empty()) {
    for (std::size_t k = 0; k < starts.size(); ++k) axes.push_back(static_cast<std::int64_t>(k));
  }
  if (steps.empty()) steps.assign(starts.size(), 1);
  if (ends.size() != starts.size() || axes.size() != starts.size() ||
      steps.size() != starts.size()) {
    node.reject("starts, ends, axes, steps", "have the same number of entries");
  }
  for (std::size_t k = 0; k < starts.size(); ++k) {
    x = fold_slice(x, {axes[k], starts[k], ends[k], steps[k]}, node.place());
  }
  node.emit(std::move(x));
}

void read_cast(OnnxNode& node) {
  using Proto = onnx::TensorProto;
  const auto to = node.integer("to", 0);
  const bool is_float = to == Proto::FLOAT || to == Proto::DOUBLE;
  if (is_float && !node.is_constant(0)) return node.forward(0);
  if (is_float) {
    Tensor tensor = node.constant(0).to_tensor();
    return node.emit(Constant{std::move(tensor.shape), std::move(tensor.data)});
  }
  if (node.is_constant(0) && (to == Proto::INT64 || to == Proto::INT32)) {
    return node.emit(to_integers(node, node.constant(0)));
  }
  node.reject("to " + std::to_string(to),
              "tensors are cast to float or double, constants also to int32 or int64");
}

}  // namespace memspice::network
