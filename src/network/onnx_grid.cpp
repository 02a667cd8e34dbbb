#include "network/onnx_grid.hpp"

#include <algorithm>
#include <cmath>

#include "network/apply.hpp"
#include "network/onnx_element.hpp"
#include "network/shapes.hpp"

namespace memspice::network {
namespace {

/// One value, or a list along the axis.
Tensor grid_parameter(OnnxNode& node, int k, std::size_t rank) {
  Tensor tensor = node.constant(k).to_tensor();
  if (tensor.size() == 0 || (tensor.size() > 1 && (tensor.shape.size() != 1 || rank == 0))) {
    node.reject("operand " + std::to_string(k) + ": " + to_text(tensor.shape),
                "scales and zero points are one value, or one for each index of an axis",
                "export the network quantized per tensor or per channel");
  }
  tensor.shape = {tensor.size()};
  return tensor;
}

/// uint8 where nothing else is said.
const ElementType& code_type(OnnxNode& node, const GridOperands& operands) {
  constexpr int kUint8 = 2;
  int code = operands.element_type == 0 ? kUint8 : operands.element_type;
  if (node.has_input(operands.zero_point)) {
    const int stated = node.constant(operands.zero_point).element_type;
    if (stated != 0) code = stated;
  }
  const ElementType* type = find_element_type(code);
  if (type != nullptr && type->is_integer) return *type;
  node.reject("element type " + element_name(code),
              "values are quantized to integers",
              "export the network quantized to int8 or uint8");
}

/// `values` along the axis of a tensor of `rank` axes, for broadcasting.
Tensor along_axis(Tensor values, int axis, std::size_t rank) {
  if (values.size() == 1) {
    values.shape.assign(1, 1);
    return values;
  }
  const auto place = static_cast<std::size_t>(axis);
  values.shape.assign(rank - place, 1);
  values.shape[0] = values.size();
  return values;
}

/// y = a x + b per index of the axis; returns `from` where that changes nothing.
int emit_affine(OnnxNode& node, int from, const Tensor& a, const Tensor& b) {
  const auto is = [](const Tensor& t, float v) {
    return std::ranges::all_of(t.data, [v](float x) { return x == v; });
  };
  int last = from;
  if (!is(a, 1.0F)) last = node.emit(Elementwise{Elementwise::Kind::Mul, a}, {last});
  if (!is(b, 0.0F)) last = node.emit(Elementwise{Elementwise::Kind::Add, b}, {last});
  return last;
}

float at(const Tensor& tensor, std::size_t k) {
  return tensor.data[tensor.data.size() == 1 ? 0 : k];
}

/// Values of integers of grid `held`, taken for integers of grid `wanted`.
int emit_regrid(OnnxNode& node, int k, const Quantization& held, const Quantization& wanted) {
  const std::size_t count = std::max(held.scale.data.size(), wanted.scale.data.size());
  if (held.scale.size() > 1 && wanted.scale.size() > 1 && held.axis != wanted.axis) {
    node.reject(
        "scales along axes " + std::to_string(held.axis) + " and " + std::to_string(wanted.axis),
        "integers are taken for others along one axis");
  }
  Tensor a({static_cast<std::int64_t>(count)});
  Tensor b = a;
  for (std::size_t c = 0; c < count; ++c) {
    const float scale = at(wanted.scale, c);
    a.data[c] = scale / at(held.scale, c);
    b.data[c] = scale * (at(held.zero_point, c) - at(wanted.zero_point, c));
  }
  const int axis = held.scale.size() > 1 ? held.axis : wanted.axis;
  const auto rank = node.shape(k).size();
  return emit_affine(node, node.source(k), along_axis(a, axis, rank), along_axis(b, axis, rank));
}

}  // namespace

Quantization read_grid(OnnxNode& node, const GridOperands& operands, std::size_t rank) {
  const ElementType& type = code_type(node, operands);
  Quantization grid;
  grid.scale = grid_parameter(node, operands.scale, rank);
  grid.zero_point = node.has_input(operands.zero_point)
                        ? grid_parameter(node, operands.zero_point, rank)
                        : Tensor(grid.scale.shape);
  if (grid.zero_point.size() == 1 && grid.scale.size() > 1) {
    grid.zero_point = Tensor(grid.scale.shape, grid.zero_point.data[0]);
  }
  if (grid.zero_point.size() != grid.scale.size()) {
    node.reject(to_text(grid.zero_point.shape), "there are as many zero points as scales");
  }
  for (const float scale : grid.scale.data) {
    if (!(scale > 0.0F) || !std::isfinite(scale)) {
      node.reject("scale " + std::to_string(scale), "a scale is above 0 and finite");
    }
  }
  if (grid.scale.size() > 1) grid.axis = normal_axis(operands.axis, rank, node.place());
  grid.low = static_cast<float>(type.low);
  grid.high = static_cast<float>(type.high);
  return grid;
}

Constant from_codes(OnnxNode& node, const Constant& codes, const Quantization& grid) {
  if (!codes.is_integer()) {
    node.reject("a constant of floats", "takes integers", "export the network quantized");
  }
  require_grid(grid, codes.shape, node.place());
  node.require_room(codes.count());
  const auto& integers = std::get<1>(codes.values);
  std::vector<float> values(integers.size());
  const std::size_t channels = grid.scale.data.size();
  const auto inner = static_cast<std::size_t>(
      channels > 1 ? stride_of(codes.shape, static_cast<std::size_t>(grid.axis)) : 1);
  for (std::size_t k = 0; k < values.size(); ++k) {
    const std::size_t c = k / inner % channels;
    const auto whole =
        static_cast<double>(integers[k]) - static_cast<double>(grid.zero_point.data[c]);
    values[k] = static_cast<float>(whole * static_cast<double>(grid.scale.data[c]));
  }
  Constant constant{codes.shape, std::move(values)};
  constant.steps = grid.scale.data;
  constant.step_axis = grid.scale.size() > 1 ? grid.axis : 0;
  return constant;
}

Constant to_code_constant(OnnxNode& node, const Constant& values, const Quantization& grid) {
  require_grid(grid, values.shape, node.place());
  node.require_room(values.count());
  const Tensor codes = to_codes(grid, values.to_tensor());
  std::vector<std::int64_t> integers;
  for (const float q : codes.data) {
    if (std::isnan(q)) node.reject("nan", "only numbers can be quantized");
    integers.push_back(static_cast<std::int64_t>(q));
  }
  return {values.shape, std::move(integers)};
}

int source_on_grid(OnnxNode& node, int k, const Quantization& grid) {
  const auto held = node.codes(k);
  if (held == nullptr) {
    node.reject("operand " + std::to_string(k),
                "holds no integers: no QuantizeLinear or other quantizing operator gives it",
                "quantize the tensor before this node");
  }
  return is_same_grid(*held, grid) ? node.source(k) : emit_regrid(node, k, *held, grid);
}

void emit_quantized(OnnxNode& node, int from, const Quantization& grid) {
  node.emit(grid, {from});
  node.mark_codes(std::make_shared<const Quantization>(grid));
}

bool clip_codes(OnnxNode& node, float low, float high) {
  const auto held = node.codes(0);
  if (held == nullptr) return false;
  Quantization narrowed = *held;
  narrowed.low = std::max(held->low, low);
  narrowed.high = std::min(held->high, high);
  // What it rounded to once stays where it is: only the ends move.
  narrowed.rounding = Quantization::Rounding::HalfEven;
  emit_quantized(node, node.source(0), narrowed);
  return true;
}

void emit_code_values(OnnxNode& node) {
  const auto held = node.codes(0);
  Quantization plain{.scale = Tensor({1}, 1.0F), .zero_point = Tensor({1})};
  if (emit_regrid(node, 0, *held, plain) == node.source(0)) node.forward_values(0);
}

}  // namespace memspice::network
