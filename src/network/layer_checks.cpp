// What a layer has to keep to besides shapes that fit.

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "network/shapes.hpp"

namespace memspice::network {
namespace {

/// The weight (index 0) or bias (index 1) of an operation, null where it has none.
struct WeightsOf {
  std::size_t index;
  const Tensor* pick(const Tensor& first, const Tensor& second) const {
    return index == 0 ? &first : &second;
  }
  const Tensor* operator()(const Convolution& c) const { return pick(c.weight, c.bias); }
  const Tensor* operator()(const Deconvolution& d) const { return pick(d.weight, d.bias); }
  const Tensor* operator()(const FullyConnected& f) const { return pick(f.weight, f.bias); }
  const Tensor* operator()(const Recurrence& r) const { return pick(r.weight, r.bias); }
  const Tensor* operator()(const BatchNormalization& b) const { return pick(b.scale, b.shift); }
  const Tensor* operator()(const Quantization& q) const { return pick(q.scale, q.zero_point); }
  const Tensor* operator()(const Elementwise& e) const {
    return index == 0 && e.constant ? &*e.constant : nullptr;
  }
  template <typename Other>
  const Tensor* operator()(const Other&) const {
    return nullptr;
  }
};

/// The axes that an operation joins to one value or one statistic; null where it has none.
const std::vector<int>* axes_worked_along(const Operation& operation) {
  if (const auto* g = std::get_if<GlobalAverage>(&operation)) return &g->axes;
  if (const auto* r = std::get_if<Reduction>(&operation)) return &r->axes;
  if (const auto* s = std::get_if<Standardization>(&operation)) return &s->axes;
  return nullptr;
}

const Tensor* weights_of(const Operation& operation, std::size_t index) {
  return std::visit(WeightsOf{index}, operation);
}

}  // namespace

void require_batch_safe(const Operation& operation,
                        std::span<const Shape> inputs,
                        const std::string& place) {
  const auto require = [&place](bool holds, const std::string& value, const std::string& rule) {
    if (holds) return;
    throw InputError({.place = place,
                      .value = value,
                      .rule = rule,
                      .remedy = "export the network for a batch of single images"});
  };
  require(!inputs.empty() && !inputs[0].empty(), "no batch axis", "takes a batch of images");
  const auto rank = inputs[0].size();
  const auto is_first = [&](int axis) { return normal_axis(axis, rank, place) == 0; };
  const std::string rule = "the first axis is the batch; images may not mix";
  if (const auto* c = std::get_if<Concatenation>(&operation)) {
    require(!is_first(c->axis), "axis 0", rule);
  }
  if (const auto* axes = axes_worked_along(operation)) {
    require(std::ranges::none_of(*axes, is_first), "axis 0", rule);
  }
  if (const auto* t = std::get_if<Transposition>(&operation)) {
    require(!t->axes.empty() && t->axes[0] == 0, "axis 0", rule);
  }
  const auto* q = std::get_if<Quantization>(&operation);
  if (q != nullptr && q->scale.size() > 1) require(!is_first(q->axis), "axis 0", rule);
  const auto* a = std::get_if<Activation>(&operation);
  if (a != nullptr && a->is_along_axis()) {
    require(!is_first(a->axis), "axis 0", rule);
  }
  const auto* e = std::get_if<Elementwise>(&operation);
  if (e == nullptr) return;
  if (!e->constant) {
    require(inputs.size() == 2 && inputs[1].size() == rank,
            to_text(inputs[0]) + " and " + to_text(inputs[inputs.size() - 1]),
            "operands have the same number of axes: " + rule);
    return;
  }
  const Shape& constant = e->constant->shape;
  const bool fits = constant.size() < rank || (constant.size() == rank && constant[0] == 1);
  require(fits, "constant " + to_text(constant), rule);
}

void require_grid(const Quantization& grid, const Shape& shape, const std::string& place) {
  const auto require = [&place](bool holds, const std::string& value, const std::string& rule) {
    if (holds) return;
    throw InputError({.place = place,
                      .value = value,
                      .rule = rule,
                      .remedy = "export the network quantized per tensor or per channel"});
  };
  const auto count = grid.scale.size();
  require(
      count == grid.zero_point.size() && count >= 1,
      std::to_string(count) + " scales, " + std::to_string(grid.zero_point.size()) + " zero points",
      "there are as many of both");
  for (const float scale : grid.scale.data) {
    require(scale > 0.0F, memspice::to_text(static_cast<double>(scale)), "a scale is above 0");
  }
  if (count == 1) return;
  const auto axis = static_cast<std::size_t>(normal_axis(grid.axis, shape.size(), place));
  require(shape[axis] == count,
          std::to_string(count) + " scales for " + to_text(shape),
          "there is one scale, or one for each index of axis " + std::to_string(grid.axis));
}

void require_finite(const Operation& operation, const std::string& place) {
  for (const std::size_t index : {std::size_t{0}, std::size_t{1}}) {
    const Tensor* tensor = weights_of(operation, index);
    if (tensor == nullptr) continue;
    const auto bad = std::ranges::find_if(tensor->data, [](float v) { return !std::isfinite(v); });
    if (bad == tensor->data.end()) continue;
    throw InputError({.place = place,
                      .value = memspice::to_text(static_cast<double>(*bad)) + " at index " +
                               std::to_string(bad - tensor->data.begin()) +
                               (index == 0 ? " of the weight" : " of the bias"),
                      .rule = "weights are finite numbers",
                      .remedy = "train or export the network again"});
  }
}

}  // namespace memspice::network
