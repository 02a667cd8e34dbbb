// Constants and the arithmetic on shapes that exporters leave behind; folded away on import.

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "network/onnx_element.hpp"
#include "network/onnx_grid.hpp"
#include "network/onnx_operators.hpp"
#include "network/shapes.hpp"

namespace memspice::network {
namespace {

Constant to_integers(OnnxNode& node, const Constant& constant, const ElementType& type) {
  std::vector<std::int64_t> values;
  const auto add = [&](auto v) {
    if (type.name == "bool") return values.push_back(v != 0 ? 1 : 0);
    constexpr float kWithin64Bits = 9e18F;
    bool fits = true;
    if constexpr (std::is_floating_point_v<decltype(v)>) fits = std::abs(v) < kWithin64Bits;
    const auto whole = fits ? static_cast<std::int64_t>(v) : 0;
    if (!fits || whole < type.low || whole > type.high) {
      node.reject("a value out of range", "fits " + std::string(type.name));
    }
    values.push_back(whole);
  };
  std::visit([&](const auto& held) { std::ranges::for_each(held, add); }, constant.values);
  return {constant.shape, std::move(values), type.code};
}

Constant cast(OnnxNode& node, const Constant& constant, const ElementType& type) {
  if (type.is_integer) return to_integers(node, constant, type);
  Tensor tensor = constant.to_tensor();
  Constant floats{std::move(tensor.shape), std::move(tensor.data), type.code};
  floats.steps = constant.steps;
  floats.step_axis = constant.step_axis;
  return floats;
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
  if (node.is_whole()) shape.erase(shape.begin());
  const auto rank = static_cast<std::int64_t>(shape.size());
  const auto bound = [rank](std::int64_t v) {
    return std::clamp(v < 0 ? v + rank : v, std::int64_t{0}, rank);
  };
  const auto start = bound(node.integer("start", 0));
  const auto end = std::max(bound(node.integer("end", rank)), start);
  node.emit(integers_constant({shape.begin() + start, shape.begin() + end}));
}

void read_cast(OnnxNode& node) {
  const auto code = static_cast<int>(node.integer("to", 0));
  const ElementType* type = find_element_type(code);
  node.ignore_attribute("saturate");
  if (node.is_class(0)) return node.forward(0);
  if (type == nullptr) {
    node.reject("to " + element_name(code), "tensors are cast to " + element_names());
  }
  if (node.is_constant(0)) return node.emit(cast(node, node.constant(0), *type));
  if (type->is_integer) {
    node.reject("to " + std::string(type->name),
                "a computed tensor is rounded to integers by QuantizeLinear only",
                "export the network quantized in the QDQ form, or with float tensors");
  }
  // Layers compute in float32, whatever the file would round to.
  if (node.codes(0) != nullptr) return emit_code_values(node);
  node.forward(0);
}

}  // namespace memspice::network
