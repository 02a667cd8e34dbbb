#include "network/apply.hpp"
#include "network/graph.hpp"
#include "network/shapes.hpp"

namespace memspice::network {
namespace {

struct Apply {
  std::span<const Tensor* const> inputs;
  const Shape& out;

  Tensor operator()(const Elementwise& e) const {
    if (!e.constant) return combine(e.kind, *inputs[0], *inputs[1], out);
    if (e.constant_is_left) return combine(e.kind, *e.constant, *inputs[0], out);
    return combine(e.kind, *inputs[0], *e.constant, out);
  }
  Tensor operator()(const Concatenation& c) const { return concatenate(c.axis, inputs, out); }
  Tensor operator()(const MatrixProduct&) const { return multiply(*inputs[0], *inputs[1], out); }
  Tensor operator()(const Recurrence& r) const {
    return run_recurrence(
        r, inputs, [&r](const Tensor& states, std::int64_t) { return multiply_states(r, states); });
  }
  Tensor operator()(const auto& operation) const { return apply(operation, *inputs[0], out); }
};

}  // namespace

Tensor apply_layer(const Layer& layer, std::span<const Tensor* const> inputs) {
  std::vector<Shape> shapes;
  shapes.reserve(inputs.size());
  for (const Tensor* input : inputs) shapes.push_back(input->shape);
  const Shape out = infer_shape(layer.operation, shapes, "layer " + layer.name);
  return std::visit(Apply{inputs, out}, layer.operation);
}

}  // namespace memspice::network
