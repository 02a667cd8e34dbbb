// Activations, arithmetic, and nodes that only pass their operand on.

#include <algorithm>
#include <limits>

#include "network/onnx_operators.hpp"
#include "network/shapes.hpp"

namespace memspice::network {
namespace {

void emit_activation(OnnxNode& node, Activation::Kind kind, float alpha = 0.0F, float beta = 0.0F) {
  node.ignore_attribute("consumed_inputs");
  node.emit(Activation{kind, alpha, beta, -1});
}

/// Before opset 13 softmax runs over all axes from `axis` on, taken as one.
void emit_flattened_softmax(OnnxNode& node, int axis) {
  const Shape shape = node.shape(0);
  const auto rank = static_cast<int>(shape.size());
  const bool is_single =
      std::all_of(shape.begin() + axis + 1, shape.end(), [](auto n) { return n == 1; });
  if (axis == rank - 1 || is_single) {
    node.emit(Activation{Activation::Kind::Softmax, 0.0F, 0.0F, axis});
    return;
  }
  Reshape back{shape, {}};
  back.shape[0] = 0;
  if (axis > 1) back.shape[0] = -1;
  const int flat = node.emit(Reshape{{}, axis});
  const int soft = node.emit(Activation{Activation::Kind::Softmax, 0.0F, 0.0F, -1}, {flat});
  node.emit(std::move(back), {soft});
}

/// Before opset 7 `axis` aligns the second operand with the first from that axis on.
Constant aligned(OnnxNode& node, Constant operand) {
  if (!node.has_attribute("axis") || node.opset() >= 7) return operand;
  const auto rank = node.shape(0).size();
  const auto axis = static_cast<std::size_t>(
      normal_axis(node.integer("axis", 0), std::max<std::size_t>(rank, 1), node.place()));
  while (axis + operand.shape.size() < rank) operand.shape.push_back(1);
  return operand;
}

void read_arithmetic(OnnxNode& node, Elementwise::Kind kind) {
  node.ignore_attribute("consumed_inputs");
  if (node.opset() < 7) node.ignore_attribute("broadcast");
  if (node.is_constant(0) && node.is_constant(1)) {
    const Constant right = aligned(node, node.constant(1));
    node.require_room(
        element_count(broadcast_shape(node.constant(0).shape, right.shape, node.place())));
    node.emit(fold_elementwise(kind, node.constant(0), right, node.place()));
    return;
  }
  Elementwise e;
  e.kind = kind;
  if (!node.is_constant(0) && !node.is_constant(1)) {
    node.emit(std::move(e), {node.source(0), node.source(1)});
    return;
  }
  e.constant_is_left = node.is_constant(0);
  const int held = e.constant_is_left ? 0 : 1;
  const Constant& constant = node.constant(held);
  e.constant = e.constant_is_left ? constant.to_tensor() : aligned(node, constant).to_tensor();
  node.emit(std::move(e), {node.source(1 - held)});
}

bool is_set(const OnnxNode& node, int k) {
  return node.has_input(k) && node.scalar(k) != 0.0F;
}

}  // namespace

void read_relu(OnnxNode& node) {
  emit_activation(node, Activation::Kind::Relu);
}
void read_leaky_relu(OnnxNode& node) {
  emit_activation(node, Activation::Kind::LeakyRelu, node.number("alpha", 0.01F));
}
void read_sigmoid(OnnxNode& node) {
  emit_activation(node, Activation::Kind::Sigmoid);
}
void read_tanh(OnnxNode& node) {
  emit_activation(node, Activation::Kind::Tanh);
}
void read_hard_sigmoid(OnnxNode& node) {
  emit_activation(
      node, Activation::Kind::HardSigmoid, node.number("alpha", 0.2F), node.number("beta", 0.5F));
}
void read_hard_swish(OnnxNode& node) {
  emit_activation(node, Activation::Kind::HardSwish);
}

void read_clip(OnnxNode& node) {
  float low = node.number("min", std::numeric_limits<float>::lowest());
  float high = node.number("max", std::numeric_limits<float>::max());
  if (node.has_input(1)) low = node.scalar(1);
  if (node.has_input(2)) high = node.scalar(2);
  emit_activation(node, Activation::Kind::Clip, low, high);
}

void read_softmax(OnnxNode& node) {
  const bool flattens = node.opset() < 13;
  const auto axis = node.integer("axis", flattens ? 1 : -1);
  const int normal = normal_axis(axis, node.shape(0).size(), node.place());
  if (flattens) {
    emit_flattened_softmax(node, normal);
  } else {
    node.emit(Activation{Activation::Kind::Softmax, 0.0F, 0.0F, normal});
  }
}

void read_add(OnnxNode& node) {
  read_arithmetic(node, Elementwise::Kind::Add);
}
void read_sub(OnnxNode& node) {
  read_arithmetic(node, Elementwise::Kind::Sub);
}
void read_mul(OnnxNode& node) {
  read_arithmetic(node, Elementwise::Kind::Mul);
}
void read_div(OnnxNode& node) {
  read_arithmetic(node, Elementwise::Kind::Div);
}

void read_identity(OnnxNode& node) {
  node.forward(0);
}

void read_dropout(OnnxNode& node) {
  for (const char* name : {"seed", "ratio", "is_test", "consumed_inputs"}) {
    node.ignore_attribute(name);
  }
  const bool drops = !node.has_input(1) || node.scalar(1) != 0.0F;
  if (is_set(node, 2) && drops) {
    node.reject("training_mode=1", "a network is imported for inference", "call eval() and export");
  }
  node.forward(0);
}

}  // namespace memspice::network
