// Activations, arithmetic, and nodes that only pass their operand on.

#include <algorithm>
#include <limits>
#include <optional>

#include "network/onnx_grid.hpp"
#include "network/onnx_operators.hpp"
#include "network/shapes.hpp"

namespace memspice::network {
namespace {

void emit_activation(OnnxNode& node, Activation::Kind kind, float alpha = 0.0F, float beta = 0.0F) {
  node.ignore_attribute("consumed_inputs");
  node.emit(Activation{kind, alpha, beta, -1});
}

/// Before opset 13 softmax runs over all axes from `axis` on, taken as one.
void emit_flattened(OnnxNode& node, Activation::Kind kind, int axis) {
  const Shape shape = node.shape(0);
  const auto rank = static_cast<int>(shape.size());
  const bool is_single =
      std::all_of(shape.begin() + axis + 1, shape.end(), [](auto n) { return n == 1; });
  if (axis == rank - 1 || is_single) {
    node.emit(Activation{kind, 0.0F, 0.0F, axis});
    return;
  }
  Reshape back{shape, {}};
  back.shape[0] = 0;
  if (axis > 1) back.shape[0] = -1;
  const int flat = node.emit(Reshape{{}, axis});
  const int soft = node.emit(Activation{kind, 0.0F, 0.0F, -1}, {flat});
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

Constant folded(OnnxNode& node, Elementwise::Kind kind, const Constant& a, const Constant& b) {
  node.require_room(element_count(broadcast_shape(a.shape, b.shape, node.place())));
  return fold_elementwise(kind, a, b, node.place());
}

void read_arithmetic(OnnxNode& node, Elementwise::Kind kind) {
  node.ignore_attribute("consumed_inputs");
  if (node.opset() < 7) node.ignore_attribute("broadcast");
  if (node.is_constant(0) && node.is_constant(1)) {
    node.emit(folded(node, kind, node.constant(0), aligned(node, node.constant(1))));
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

void read_along_axis(OnnxNode& node, Activation::Kind kind) {
  const bool flattens = node.opset() < 13;
  const auto axis = node.axis_of(node.integer("axis", flattens ? 1 : -1));
  const int normal = normal_axis(axis, node.shape(0).size(), node.place());
  if (flattens) {
    emit_flattened(node, kind, normal);
  } else {
    node.emit(Activation{kind, 0.0F, 0.0F, normal});
  }
}

/// Any number of operands, in any order: constants first, then one computed operand after another.
/// Returns the layer of the result, or nothing where all are constants.
std::optional<int> read_chain(OnnxNode& node, Elementwise::Kind kind) {
  node.ignore_attribute("consumed_inputs");
  std::optional<Constant> constant;
  std::optional<int> layer;
  for (int k = 0; k < node.input_count(); ++k) {
    if (node.is_constant(k)) {
      constant = constant ? folded(node, kind, *constant, node.constant(k)) : node.constant(k);
    } else {
      const int operand = node.source(k);
      layer = layer ? node.emit(Elementwise{kind, {}, false}, {*layer, operand}) : operand;
    }
  }
  if (!layer && !constant) node.reject("operand 0", "is missing");
  if (!layer) {
    node.emit(*constant);
  } else if (constant) {
    layer = node.emit(Elementwise{kind, constant->to_tensor(), false}, {*layer});
  } else if (node.input_count() == 1) {
    node.forward(0);
  }
  return layer;
}

void emit_function(OnnxNode& node, const Function& function) {
  if (!node.is_constant(0)) {
    node.emit(function);
    return;
  }
  Tensor values = node.constant(0).to_tensor();
  function.entry->apply(values.data, function.parameters);
  node.emit(Constant{std::move(values.shape), std::move(values.data)});
}

void emit_clipped(OnnxNode& node, float low, float high) {
  Constant x = node.constant(0);
  const auto clip = [&](auto& values) {
    for (auto& v : values) {
      const auto clipped = std::min(std::max(static_cast<double>(v), static_cast<double>(low)),
                                    static_cast<double>(high));
      v = static_cast<std::decay_t<decltype(v)>>(clipped);
    }
  };
  std::visit(clip, x.values);
  node.emit(std::move(x));
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
  if (node.is_constant(0)) return emit_clipped(node, low, high);
  if (clip_codes(node, low, high)) return;
  emit_activation(node, Activation::Kind::Clip, low, high);
}

void read_softmax(OnnxNode& node) {
  read_along_axis(node, Activation::Kind::Softmax);
}
void read_log_softmax(OnnxNode& node) {
  read_along_axis(node, Activation::Kind::LogSoftmax);
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

void read_pow(OnnxNode& node) {
  read_arithmetic(node, Elementwise::Kind::Pow);
}

void read_prelu(OnnxNode& node) {
  node.ignore_attribute("consumed_inputs");
  if (!node.is_constant(1)) return read_arithmetic(node, Elementwise::Kind::PRelu);
  Tensor slope = node.constant(1).to_tensor();
  if (slope.size() == 1) {
    node.emit(Activation{Activation::Kind::LeakyRelu, slope.data[0], 0.0F, -1});
    return;
  }
  const auto rank = node.shape(0).size();
  const bool is_per_channel = node.opset() < 7 && slope.shape.size() == 1;
  if (is_per_channel && rank > 2) slope.shape.insert(slope.shape.end(), rank - 2, 1);
  node.emit(Elementwise{Elementwise::Kind::PRelu, std::move(slope), false});
}

void read_max(OnnxNode& node) {
  read_chain(node, Elementwise::Kind::Max);
}
void read_min(OnnxNode& node) {
  read_chain(node, Elementwise::Kind::Min);
}
void read_sum(OnnxNode& node) {
  read_chain(node, Elementwise::Kind::Add);
}

void read_mean(OnnxNode& node) {
  const auto layer = read_chain(node, Elementwise::Kind::Add);
  if (!layer) node.reject("constants", "a mean has a computed operand");
  const Tensor share({1}, 1.0F / static_cast<float>(node.input_count()));
  node.emit(Elementwise{Elementwise::Kind::Mul, share, false}, {*layer});
}

/// A factor of -1, which folds into weights.
void read_neg(OnnxNode& node) {
  node.ignore_attribute("consumed_inputs");
  if (!node.is_constant(0)) {
    node.emit(Elementwise{Elementwise::Kind::Mul, Tensor({1}, -1.0F), false});
    return;
  }
  const Constant& x = node.constant(0);
  Constant minus_one{{}, std::vector<float>{-1.0F}};
  if (x.is_integer()) minus_one.values = std::vector<std::int64_t>{-1};
  node.emit(folded(node, Elementwise::Kind::Mul, x, minus_one));
}

void read_gelu(OnnxNode& node) {
  const auto approximation = node.text("approximate", "none");
  if (approximation != "none" && approximation != "tanh") {
    node.reject("approximate " + approximation, "is none or tanh");
  }
  emit_function(node, {find_function("Gelu"), {approximation == "tanh" ? 1.0F : 0.0F, 0.0F}});
}

void read_function(OnnxNode& node) {
  node.ignore_attribute("consumed_inputs");
  Function function{find_function(node.operator_name())};
  for (std::size_t k = 0; k < function.parameters.size(); ++k) {
    const auto& [name, otherwise] = function.entry->parameters[k];
    if (!name.empty()) function.parameters[k] = node.number(name.data(), otherwise);
  }
  emit_function(node, function);
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
