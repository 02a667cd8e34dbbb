// Constants and the arithmetic on shapes that exporters leave behind; folded away on import.

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "network/onnx_operators.hpp"
#include "network/shapes.hpp"

namespace memspice::network {
namespace {

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

void read_cast(OnnxNode& node) {
  using Proto = onnx::TensorProto;
  const auto to = node.integer("to", 0);
  const bool is_float = to == Proto::FLOAT || to == Proto::DOUBLE;
  if (node.is_class(0) || (is_float && !node.is_constant(0))) return node.forward(0);
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
