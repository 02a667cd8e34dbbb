// What passes a layer's operand that is seen in another order (onnx_layout.cpp).

#include <algorithm>
#include <utility>

#include "network/onnx_layout.hpp"
#include "network/shapes.hpp"

namespace memspice::network {

AxisView LayoutPass::pass(const DraftLayer& layer) {
  const bool changes_view = std::holds_alternative<Transposition>(layer.operation) ||
                            std::holds_alternative<Reshape>(layer.operation);
  if (!changes_view && first(layer).is_plain(raw_shape(first(layer)).size())) {
    return emit_settled(layer);
  }
  auto view = std::visit([&](const auto& op) { return follow(layer, op); }, layer.operation);
  return view ? *view : emit_settled(layer);
}

std::optional<int> LayoutPass::behind(const DraftLayer& layer, int axis) const {
  const View& operand = first(layer);
  if (!operand.order.empty()) return std::nullopt;
  const auto k = normal_axis(axis, seen_shape(layer).size(), layer.place);
  const int found = operand.axes[static_cast<std::size_t>(k)];
  return found < 0 ? std::nullopt : std::optional(found);
}

std::optional<AxisView> LayoutPass::follow(const DraftLayer& layer, const Transposition& op) {
  View view = first(layer);
  if (!view.order.empty()) return std::nullopt;
  view.axes = compose(view.axes, op.axes);
  view.name = layer.name;
  return view;
}

std::optional<AxisView> LayoutPass::follow(const DraftLayer& layer, const Reshape& /*op*/) {
  View view = first(layer);
  if (!view.order.empty()) return std::nullopt;
  const Shape& from = seen_shape(layer);
  if (const auto axes = single_axes_changed(from, layer.shape)) {
    view.axes = compose(view.axes, *axes);
    view.name = layer.name;
    return view;
  }
  if (view.is_plain(from.size())) return std::nullopt;
  Reshape joined{layer.shape, {}};
  joined.shape[0] = layer.shape[0] == raw_shape(view)[0] ? 0 : -1;
  if (std::ranges::is_sorted(memory_order(view, from))) return emit(layer, joined, {view.layer});
  const bool is_row = layer.shape.size() == 2 && layer.shape[0] == 1 && from[0] == 1;
  if (!is_row || layer.shape[1] > kLongestRow) return std::nullopt;
  return join_row(layer, joined);
}

/// All values of an image become one row, whose order is left to the layer behind.
AxisView LayoutPass::join_row(const DraftLayer& layer, const Reshape& joined) {
  const View& operand = first(layer);
  auto order = row_order(operand, raw_shape(operand));
  View view = emit(layer, joined, {operand.layer});
  view.order = std::move(order);
  return view;
}

std::optional<AxisView> LayoutPass::follow(const DraftLayer& layer, const Function& op) {
  return emit_behind(layer, op);
}

std::optional<AxisView> LayoutPass::follow(const DraftLayer& layer, const Activation& op) {
  if (op.is_complex()) return std::nullopt;
  if (!op.is_along_axis()) return emit_behind(layer, op);
  const auto axis = behind(layer, op.axis);
  if (!axis) return std::nullopt;
  Activation turned = op;
  turned.axis = *axis;
  return emit_behind(layer, turned);
}

namespace {

/// The same product at each pixel.
Convolution pointwise(const FullyConnected& product) {
  Convolution c{
      .weight = product.weight, .bias = product.bias, .window = {}, .steps = product.steps};
  c.weight.shape.insert(c.weight.shape.end(), 2, 1);
  return c;
}

}  // namespace

std::optional<AxisView> LayoutPass::follow(const DraftLayer& layer, const FullyConnected& op) {
  const View& operand = first(layer);
  if (operand.order.empty()) {
    const std::size_t rank = raw_shape(operand).size();
    const auto last = behind(layer, -1);
    if (layer.shape.size() == 2) return std::nullopt;  // one row an image stays one
    if (last && *last + 1 == static_cast<int>(rank)) return emit_behind(layer, op);
    if (last == 1 && rank == 4) return emit_behind(layer, pointwise(op));
    return std::nullopt;
  }
  FullyConnected turned = op;
  const std::size_t n = operand.order.size();
  for (std::size_t k = 0; k < op.weight.data.size(); ++k) {
    const auto column = static_cast<std::size_t>(operand.order[k % n]);
    turned.weight.data[k / n * n + column] = op.weight.data[k];
  }
  return emit(layer, std::move(turned), {operand.layer});
}

std::optional<AxisView> LayoutPass::follow(const DraftLayer& layer, const GlobalAverage& op) {
  return follow_reduction(layer, op);
}

std::optional<AxisView> LayoutPass::follow(const DraftLayer& layer, const Reduction& op) {
  return follow_reduction(layer, op);
}

/// Axes that are not kept vanish from the view alone.
template <typename Joining>
std::optional<AxisView> LayoutPass::follow_reduction(const DraftLayer& layer, Joining op) {
  const auto rank = seen_shape(layer).size();
  std::vector<int> left = plain_axes(rank);
  for (int& axis : op.axes) {
    const auto raw = behind(layer, axis);
    if (!raw) return std::nullopt;
    std::erase(left, normal_axis(axis, rank, layer.place));
    axis = *raw;
  }
  const bool keeps = std::exchange(op.keep_dimensions, true);
  View view = emit_behind(layer, std::move(op));
  if (!keeps) view.axes = compose(view.axes, left);
  return view;
}

std::optional<AxisView> LayoutPass::follow(const DraftLayer& layer, const Standardization& op) {
  Standardization turned = op;
  for (int& axis : turned.axes) {
    const auto raw = behind(layer, axis);
    if (!raw) return std::nullopt;
    axis = *raw;
  }
  return emit_behind(layer, std::move(turned));
}

std::optional<AxisView> LayoutPass::follow(const DraftLayer& layer, const BatchNormalization& op) {
  return behind(layer, 1) == 1 ? std::optional(emit_behind(layer, op)) : std::nullopt;
}

std::optional<AxisView> LayoutPass::follow(const DraftLayer& layer, const LocalResponse& op) {
  return behind(layer, 1) == 1 ? std::optional(emit_behind(layer, op)) : std::nullopt;
}

std::optional<AxisView> LayoutPass::follow(const DraftLayer& layer, const Quantization& op) {
  if (op.scale.size() == 1) return emit_behind(layer, op);
  const auto axis = behind(layer, op.axis);
  if (!axis) return std::nullopt;
  Quantization turned = op;
  turned.axis = *axis;
  return emit_behind(layer, std::move(turned));
}

std::optional<AxisView> LayoutPass::follow(const DraftLayer& layer, const Elementwise& op) {
  const View& operand = first(layer);
  if (layer.shape != seen_shape(layer)) return std::nullopt;
  Elementwise turned = op;
  if (op.constant->size() > 1) {
    if (!operand.order.empty()) return std::nullopt;
    turned.constant =
        constant_behind(operand, layer.shape.size(), raw_shape(operand).size(), *op.constant);
  } else {
    turned.constant->shape = {1};  // a scalar with more axes than the operand's own would add some
  }
  return emit_behind(layer, std::move(turned));
}

}  // namespace memspice::network
