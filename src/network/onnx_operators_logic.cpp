// Comparisons and choices, as exporters leave them in shapes and masks: what is compared is
// constant, and so is the condition of a choice.

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <array>
#include <limits>

#include "network/onnx_operators.hpp"
#include "network/shapes.hpp"

namespace memspice::network {
namespace {

/// Holds 64-bit integers and floats exactly.
using Number = long double;
static_assert(std::numeric_limits<Number>::digits >= 63);

struct Comparison {
  std::string_view name;
  bool (*holds)(Number a, Number b);
};

constexpr std::array kComparisons{
    Comparison{"And", [](Number a, Number b) { return a != 0 && b != 0; }},
    Comparison{"Equal", [](Number a, Number b) { return a == b; }},
    Comparison{"Greater", [](Number a, Number b) { return a > b; }},
    Comparison{"GreaterOrEqual", [](Number a, Number b) { return a >= b; }},
    Comparison{"Less", [](Number a, Number b) { return a < b; }},
    Comparison{"LessOrEqual", [](Number a, Number b) { return a <= b; }},
    Comparison{"Or", [](Number a, Number b) { return a != 0 || b != 0; }},
    Comparison{"Xor", [](Number a, Number b) { return (a != 0) != (b != 0); }},
};

const Constant& known_operand(OnnxNode& node, int k) {
  if (node.is_constant(k)) return node.constant(k);
  node.reject("operand " + std::to_string(k) + ", which is computed",
              "comparisons are of shapes and other constants",
              "express what depends on the data by Relu, Clip, Max, Min, Sign or a product");
}

std::vector<Number> numbers(const Constant& constant) {
  return std::visit([](const auto& v) { return std::vector<Number>(v.begin(), v.end()); },
                    constant.values);
}

template <typename T>
Constant choose(const std::vector<Number>& mask,
                Shape shape,
                const std::vector<T>& a,
                const std::vector<T>& b) {
  std::vector<T> chosen(mask.size());
  for (std::size_t k = 0; k < mask.size(); ++k) chosen[k] = mask[k] != 0 ? a[k] : b[k];
  return {std::move(shape), std::move(chosen)};
}

/// a where the condition holds, b elsewhere.
Constant choose(OnnxNode& node, const Constant& condition, const Constant& a, const Constant& b) {
  const Shape shape = broadcast_shape(
      condition.shape, broadcast_shape(a.shape, b.shape, node.place()), node.place());
  node.require_room(element_count(shape));
  const auto mask = numbers(broadcast(condition, shape));
  const Constant wide_a = broadcast(a, shape), wide_b = broadcast(b, shape);
  if (a.is_integer() && b.is_integer()) {
    return choose(mask, shape, std::get<1>(wide_a.values), std::get<1>(wide_b.values));
  }
  return choose(mask, shape, wide_a.to_tensor().data, wide_b.to_tensor().data);
}

/// The sum of both operands, each times 1 where it is chosen and times 0 elsewhere, which is exact
/// for the finite values that layers give.
void emit_choice(OnnxNode& node, const Constant& condition) {
  const Constant zero{{}, std::vector<float>{0.0F}}, one{{}, std::vector<float>{1.0F}};
  Elementwise sum{Elementwise::Kind::Add, {}, false};
  std::vector<int> layers;
  for (const int k : {1, 2}) {
    const auto part = [&](const Constant& x) {
      const Constant chosen =
          k == 1 ? choose(node, condition, x, zero) : choose(node, condition, zero, x);
      return chosen.to_tensor();
    };
    if (node.is_constant(k)) {
      sum.constant = part(node.constant(k));
    } else {
      layers.push_back(node.emit(Elementwise{Elementwise::Kind::Mul, part(one), false},
                                 {node.source(k)},
                                 k == 1 ? "_first" : "_second"));
    }
  }
  node.emit(std::move(sum), std::move(layers));
}

}  // namespace

void read_comparison(OnnxNode& node) {
  const Constant &a = known_operand(node, 0), &b = known_operand(node, 1);
  const auto* comparison = std::ranges::find(kComparisons, node.operator_name(), &Comparison::name);
  Shape shape = broadcast_shape(a.shape, b.shape, node.place());
  node.require_room(element_count(shape));
  const auto left = numbers(broadcast(a, shape)), right = numbers(broadcast(b, shape));
  std::vector<std::int64_t> values(left.size());
  for (std::size_t k = 0; k < values.size(); ++k) {
    values[k] = comparison->holds(left[k], right[k]) ? 1 : 0;
  }
  node.emit(Constant{std::move(shape), std::move(values)});
}

void read_not(OnnxNode& node) {
  const Constant& x = known_operand(node, 0);
  std::vector<std::int64_t> values;
  for (const Number v : numbers(x)) values.push_back(v == 0 ? 1 : 0);
  node.emit(Constant{x.shape, std::move(values)});
}

void read_where(OnnxNode& node) {
  const Constant& condition = known_operand(node, 0);
  if (node.is_constant(1) && node.is_constant(2)) {
    node.emit(choose(node, condition, node.constant(1), node.constant(2)));
  } else {
    emit_choice(node, condition);
  }
}

void read_if(OnnxNode& node) {
  if (!node.is_constant(0)) {
    node.reject("a condition that is computed",
                "which branch is taken must be known from constants and shapes",
                "give other inputs by [network.constants] and the input's shape by "
                "network.input_shape, or export the branch that is meant");
  }
  const bool holds = node.scalar(0) != 0.0F;
  const auto* branch = node.attribute(holds ? "then_branch" : "else_branch");
  node.ignore_attribute(holds ? "else_branch" : "then_branch");
  if (branch == nullptr || branch->type() != onnx::AttributeProto::GRAPH) {
    node.reject("the branch", "is missing", "export the network again");
  }
  node.become(branch->g());
}

}  // namespace memspice::network
