// Layers that compute on integers, as their operands' scales and zero points tell: each becomes the
// layer on the values that the integers stand for, then the rounding to the output's grid.

#include <cmath>

#include "network/onnx_grid.hpp"
#include "network/onnx_operators_quantized.hpp"
#include "network/onnx_window.hpp"
#include "network/shapes.hpp"

namespace memspice::network {
namespace {

/// Operand k with its scale and zero point behind it.
GridOperands behind(int k) {
  return {.scale = k + 1, .zero_point = k + 2};
}

Quantization grid_behind(OnnxNode& node, int k) {
  return read_grid(node, behind(k), node.shape(k).size());
}

/// The layer that gives operand k, which is followed by its scale and zero point.
int source_behind(OnnxNode& node, int k) {
  return source_on_grid(node, k, grid_behind(node, k));
}

/// A constant weight, followed by its scale and zero point; its outputs along `axis`.
Constant weight_behind(OnnxNode& node, int k, int axis) {
  GridOperands operands = behind(k);
  operands.axis = axis;
  const Quantization grid = read_grid(node, operands, node.constant(k).shape.size());
  return from_codes(node, node.constant(k), grid);
}

/// An int32 bias: in units of the input's scale times each output's weight scale.
Tensor integer_bias(OnnxNode& node, int k, float input_scale, const Tensor& weight_scale) {
  if (!node.has_input(k)) return {};
  Tensor bias = node.constant(k).to_tensor();
  bias.shape = {bias.size()};
  if (weight_scale.size() != 1 && weight_scale.size() != bias.size()) {
    node.reject("bias " + to_text(bias.shape), "there is a weight scale for each output, or one");
  }
  for (std::size_t c = 0; c < bias.data.size(); ++c) {
    const float scale = weight_scale.data[weight_scale.size() == 1 ? 0 : c];
    bias.data[c] *= input_scale * scale;
  }
  return bias;
}

/// The grid of the output; scale and zero point stand at operand k.
Quantization output_grid(OnnxNode& node, int k) {
  return read_grid(node, {.scale = k, .zero_point = k + 1}, 0);
}

void emit_on_grid(OnnxNode& node, Operation operation, std::vector<int> inputs, int output_scale) {
  const Quantization grid = output_grid(node, output_scale);
  emit_quantized(node, node.emit(std::move(operation), std::move(inputs)), grid);
}

void emit_window_on_grid(OnnxNode& node, Operation operation, int from, int output_scale) {
  const Quantization grid = output_grid(node, output_scale);
  emit_quantized(node, emit_over_image(node, std::move(operation), from), grid);
}

/// com.microsoft's integer arithmetic: A, B and C with scale and zero point each.
void read_qlinear_arithmetic(OnnxNode& node, Elementwise::Kind kind) {
  Elementwise e;
  e.kind = kind;
  const bool left = node.is_constant(0);
  if (left || node.is_constant(3)) {
    const int held = left ? 0 : 3;
    e.constant_is_left = left;
    e.constant = from_codes(node, node.constant(held), grid_behind(node, held)).to_tensor();
    emit_on_grid(node, std::move(e), {source_behind(node, 3 - held)}, 6);
    return;
  }
  const int a = source_behind(node, 0);
  emit_on_grid(node, std::move(e), {a, source_behind(node, 3)}, 6);
}

void read_qlinear_activation(OnnxNode& node, const Activation& activation) {
  emit_on_grid(node, activation, {source_behind(node, 0)}, 3);
}

/// Rejects an operand of integers that no scale belongs to.
Quantization integers_of(OnnxNode& node, int zero_point) {
  const auto held = node.codes(0);
  if (held == nullptr || held->scale.size() != 1) {
    node.reject("operand 0",
                "holds no integers of one scale: no QuantizeLinear gives it",
                "quantize the network statically, with calibration data, in the QDQ form");
  }
  const float zero = node.has_input(zero_point) ? node.scalar(zero_point) : 0.0F;
  Quantization grid = *held;
  grid.scale = Tensor({1}, 1.0F);
  grid.zero_point = Tensor({1}, zero);
  return grid;
}

/// The weight's integers less their zero point.
Constant integer_weight(OnnxNode& node, int zero_point, int axis) {
  const std::size_t rank = node.constant(1).shape.size();
  Quantization grid{.scale = Tensor({1}, 1.0F), .zero_point = Tensor({1}), .axis = axis};
  if (node.has_input(zero_point)) {
    grid.zero_point = node.constant(zero_point).to_tensor();
    grid.zero_point.shape = {grid.zero_point.size()};
    grid.scale = Tensor(grid.zero_point.shape, 1.0F);
    grid.axis = normal_axis(axis, rank, node.place());
  }
  return from_codes(node, node.constant(1), grid);
}

/// Sums of products of integers: whole numbers, whose scale the nodes behind apply.
void emit_sums(OnnxNode& node, Operation operation, int from) {
  emit_over_image(node, std::move(operation), from);
  node.mark_codes(std::make_shared<const Quantization>(
      Quantization{.scale = Tensor({1}, 1.0F), .zero_point = Tensor({1})}));
}

}  // namespace

void read_qlinear_conv(OnnxNode& node) {
  Convolution c = convolution_of(node, 3, weight_behind(node, 3, 0));
  c.bias = integer_bias(node, 8, node.scalar(1), node.constant(4).to_tensor());
  emit_window_on_grid(node, std::move(c), source_behind(node, 0), 6);
}

void read_qlinear_matmul(OnnxNode& node) {
  FullyConnected f = product_of(node, weight_behind(node, 3, 1));
  emit_on_grid(node, std::move(f), {source_behind(node, 0)}, 6);
}

void read_qgemm(OnnxNode& node) {
  if (node.integer("transA", 0) != 0) {
    node.reject("transA=1", "transposes the batch of images", "export with transA=0");
  }
  const bool by_output = node.integer("transB", 0) != 0;
  Constant weight = weight_behind(node, 3, by_output ? 0 : 1);
  if (by_output) weight = fold_transpose(weight, {1, 0}, node.place());
  const float alpha = node.number("alpha", 1.0F);
  for (float& w : std::get<0>(weight.values)) w *= alpha;
  for (float& step : weight.steps) step *= std::abs(alpha);
  FullyConnected f = product_of(node, weight);
  f.bias = integer_bias(node, 6, alpha * node.scalar(1), node.constant(4).to_tensor());
  const int from = source_behind(node, 0);
  if (node.has_input(7)) {
    emit_on_grid(node, std::move(f), {from}, 7);
  } else {
    node.emit(std::move(f), {from});
  }
}

void read_matmul_integer(OnnxNode& node) {
  const Quantization grid = integers_of(node, 2);
  emit_sums(node, product_of(node, integer_weight(node, 3, 1)), source_on_grid(node, 0, grid));
}

void read_conv_integer(OnnxNode& node) {
  const Quantization grid = integers_of(node, 2);
  emit_sums(
      node, convolution_of(node, 1, integer_weight(node, 3, 0)), source_on_grid(node, 0, grid));
}

void read_qlinear_add(OnnxNode& node) {
  read_qlinear_arithmetic(node, Elementwise::Kind::Add);
}

void read_qlinear_mul(OnnxNode& node) {
  read_qlinear_arithmetic(node, Elementwise::Kind::Mul);
}

void read_qlinear_sigmoid(OnnxNode& node) {
  read_qlinear_activation(node, {Activation::Kind::Sigmoid, 0.0F, 0.0F, -1});
}

void read_qlinear_leaky_relu(OnnxNode& node) {
  const float alpha = node.number("alpha", 0.01F);
  read_qlinear_activation(node, {Activation::Kind::LeakyRelu, alpha, 0.0F, -1});
}

void read_qlinear_softmax(OnnxNode& node) {
  const auto rank = node.shape(0).size();
  const int axis = normal_axis(node.integer("axis", -1), rank, node.place());
  if (node.integer("opset", 13) < 13 && axis != static_cast<int>(rank) - 1) {
    node.reject("axis " + std::to_string(axis), "softmax runs along the last axis");
  }
  read_qlinear_activation(node, {Activation::Kind::Softmax, 0.0F, 0.0F, axis});
}

void read_qlinear_concat(OnnxNode& node) {
  const int axis = normal_axis(node.integer("axis", 1), node.shape(2).size(), node.place());
  std::vector<int> inputs;
  for (int k = 2; k < node.input_count(); k += 3) inputs.push_back(source_behind(node, k));
  emit_on_grid(node, Concatenation{axis}, std::move(inputs), 0);
}

void read_qlinear_average_pool(OnnxNode& node) {
  if (node.integer("channels_last", 0) != 0) {
    node.reject("channels_last=1", "images are N x C x H x W");
  }
  Pooling p{Pooling::Kind::Average, read_window(node, {}), false};
  p.window.ceil_mode = node.integer("ceil_mode", 0) != 0;
  p.count_padding = node.integer("count_include_pad", 0) != 0;
  emit_window_on_grid(node, std::move(p), source_behind(node, 0), 3);
}

void read_qlinear_global_average_pool(OnnxNode& node) {
  if (node.integer("channels_last", 0) != 0) {
    node.reject("channels_last=1", "images are N x C x H x W");
  }
  GlobalAverage g;
  for (int axis = 2; axis < static_cast<int>(node.shape(0).size()); ++axis) g.axes.push_back(axis);
  emit_on_grid(node, std::move(g), {source_behind(node, 0)}, 3);
}

}  // namespace memspice::network
