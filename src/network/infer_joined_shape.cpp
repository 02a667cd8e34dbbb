// Shapes of what takes several operands.

#include "network/shapes.hpp"

namespace memspice::network {
namespace {

std::string all_shapes(std::span<const Shape> inputs) {
  std::string text;
  for (const Shape& shape : inputs) text += (text.empty() ? "" : " and ") + to_text(shape);
  return text;
}

/// A state's operand: one row of n values for each sequence.
void require_state(const Recurrence& r,
                   const Shape& state,
                   const Shape& x,
                   const std::string& place) {
  const auto sequences = element_count(x) / (x[x.size() - 2] * x.back());
  if (!state.empty() && state.back() == r.size() && element_count(state) == sequences * r.size()) {
    return;
  }
  reject_export(place,
                "state " + to_text(state) + " for " + to_text(x),
                "each sequence has a first state of " + std::to_string(r.size()) + " values");
}

}  // namespace

Shape joined_shape(const Concatenation& c,
                   std::span<const Shape> inputs,
                   const std::string& place) {
  if (inputs.empty()) reject_export(place, "no inputs", "takes at least one input");
  Shape shape = inputs[0];
  const auto axis = static_cast<std::size_t>(normal_axis(c.axis, shape.size(), place));
  for (const Shape& other : inputs.subspan(1)) {
    Shape same = other;
    if (same.size() == shape.size()) same[axis] = shape[axis];
    if (same != shape) {
      reject_export(place,
                    to_text(inputs[0]) + " and " + to_text(other),
                    "inputs agree in every axis but the joined one");
    }
    shape[axis] += other[axis];
    element_count(shape);
  }
  return shape;
}

Shape state_shape(const Recurrence& r, std::span<const Shape> inputs, const std::string& place) {
  const auto operands = 1U + (r.takes_state ? 1U : 0U) + (r.takes_cell ? 1U : 0U);
  const bool is_matrix = r.weight.shape.size() == 2 && r.weight.shape[1] > 0 &&
                         r.weight.shape[0] % r.weight.shape[1] == 0;
  if (inputs.size() != operands || !is_matrix) {
    reject_export(place,
                  std::to_string(inputs.size()) + " inputs, weight " + to_text(r.weight.shape),
                  "a recurrence takes a sequence, its first states, and a weight of whole gates");
  }
  Shape shape = inputs[0];
  if (shape.size() < 3 || shape.back() != r.weight.shape[0]) {
    reject_export(place,
                  "input " + to_text(shape) + ", weight " + to_text(r.weight.shape),
                  "each step of the sequence has one value for each row of the weight");
  }
  if (r.bias.size() != 0 && r.bias.size() != r.weight.shape[0]) {
    reject_export(place, to_text(r.bias.shape), "the bias has one value per output");
  }
  for (const Shape& state : inputs.subspan(1)) require_state(r, state, shape, place);
  shape.back() = r.gives_cell ? 2 * r.size() : r.size();
  return shape;
}

Shape product_shape(std::span<const Shape> inputs, const std::string& place) {
  if (inputs.size() != 2 || inputs[0].size() < 3 || inputs[1].size() != inputs[0].size() ||
      inputs[0].back() != inputs[1][inputs[1].size() - 2]) {
    reject_export(place, all_shapes(inputs), "matrices of these shapes have no product");
  }
  Shape a = inputs[0], b = inputs[1];
  const auto columns = b.back();
  a.back() = 1;
  b.back() = b[b.size() - 2] = 1;
  Shape shape = broadcast_shape(a, b, place);
  shape.back() = columns;
  return shape;
}

}  // namespace memspice::network
