// Networks of channels-last frameworks turn their images over and over, N x H x W x C before what
// works on channels and back behind it. These transpositions are carried along as views of the
// layers' outputs: they pass what works on each value or along named axes, cancel each other, and
// end in the columns of a fully connected layer. What is left over becomes a layer.

#include "network/onnx_layout.hpp"

#include <algorithm>

namespace memspice::network {

LayoutPass::LayoutPass(const Draft& old, const std::vector<int>& input_axes) : old_(old) {
  input_ = {.layer = kDraftInput, .axes = input_axes, .name = "input"};
  now_.input_codes = old.input_codes;
  now_.input_shape.resize(input_axes.size());
  for (std::size_t k = 0; k < input_axes.size(); ++k) {
    now_.input_shape[static_cast<std::size_t>(input_axes[k])] = old.input_shape[k];
  }
}

Draft LayoutPass::run() {
  const auto uses = old_.use_counts();
  views_.resize(old_.layers.size());
  for (std::size_t k = 0; k < old_.layers.size(); ++k) {
    const DraftLayer& layer = old_.layers[k];
    if (uses[k] > 0) views_[k] = layer.inputs.size() > 1 ? pass_joined(layer) : pass(layer);
  }
  now_.output = settle(view_of(old_.output));
  return std::move(now_);
}

const AxisView& LayoutPass::view_of(int layer) const {
  return layer == kDraftInput ? input_ : views_[static_cast<std::size_t>(layer)];
}

const Shape& LayoutPass::seen_shape(const DraftLayer& layer, std::size_t k) const {
  return old_.shape_of(layer.inputs[k]);
}

AxisView LayoutPass::emit(const DraftLayer& layer, Operation operation, std::vector<int> inputs) {
  const int added = now_.add({.name = layer.name,
                              .place = layer.place,
                              .operation = std::move(operation),
                              .inputs = std::move(inputs),
                              .shape = {},
                              .tensor = layer.tensor});
  return {.layer = added, .axes = plain_axes(now_.shape_of(added).size()), .name = layer.name};
}

AxisView LayoutPass::emit_settled(const DraftLayer& layer) {
  std::vector<int> inputs;
  for (const int input : layer.inputs) inputs.push_back(settle(view_of(input)));
  return emit(layer, layer.operation, std::move(inputs));
}

AxisView LayoutPass::emit_behind(const DraftLayer& layer, Operation operation) {
  const View& operand = first(layer);
  View view = emit(layer, std::move(operation), {operand.layer});
  view.axes = operand.axes;
  view.order = operand.order;
  view.name = operand.name;
  return view;
}

int LayoutPass::add(const View& view, Operation operation) {
  return now_.add({.name = view.name,
                   .place = "order of " + view.name,
                   .operation = std::move(operation),
                   .inputs = {view.layer},
                   .shape = {}});
}

int LayoutPass::reshape(const View& view, Shape to) {
  if (to == raw_shape(view)) return view.layer;
  to[0] = to[0] == raw_shape(view)[0] ? 0 : -1;
  return add(view, Reshape{std::move(to), {}});
}

int LayoutPass::settle(const View& view) {
  if (view.is_plain(raw_shape(view).size())) return view.layer;
  const auto key = std::tuple(view.layer, view.axes, view.order);
  const auto known = settled_.find(key);
  if (known != settled_.end()) return known->second;
  return settled_[key] = add_settled(view);
}

int LayoutPass::add_settled(const View& view) {
  const Shape& raw = raw_shape(view);
  if (!view.order.empty()) return add(view, Selection{raw, view.order});
  Shape seen;
  for (const int axis : view.axes) {
    seen.push_back(axis < 0 ? 1 : raw[static_cast<std::size_t>(axis)]);
  }
  if (std::ranges::is_sorted(memory_order(view, seen))) return reshape(view, seen);
  return add(view, Transposition{view.axes});
}

AxisView LayoutPass::pass_joined(const DraftLayer& layer) {
  const bool is_alike = std::holds_alternative<Elementwise>(layer.operation) ||
                        std::holds_alternative<Concatenation>(layer.operation);
  if (!is_alike) return emit_settled(layer);
  for (const int input : layer.inputs) {
    const View target = view_of(input);
    if (!target.order.empty() || target.is_plain(raw_shape(target).size())) continue;
    Operation operation = layer.operation;
    if (auto* joined = std::get_if<Concatenation>(&operation)) {
      joined->axis = target.axes[static_cast<std::size_t>(joined->axis)];
      if (joined->axis < 0) continue;
    }
    auto inputs = seen_alike(layer, target);
    if (inputs.empty()) continue;
    View view = emit(layer, std::move(operation), std::move(inputs));
    view.axes = target.axes;
    view.name = target.name;
    return view;
  }
  return emit_settled(layer);
}

/// The operands as layers that are seen as `target` is, where no more than a reshape makes them so;
/// none otherwise.
std::vector<int> LayoutPass::seen_alike(const DraftLayer& layer, const View& target) {
  std::vector<Shape> shapes;
  for (std::size_t k = 0; k < layer.inputs.size(); ++k) {
    const View& operand = view_of(layer.inputs[k]);
    const Shape& seen = seen_shape(layer, k);
    if (!operand.order.empty() || seen.size() != target.axes.size()) return {};
    if (memory_order(operand, seen) != memory_order(target, seen)) return {};
    Shape shape(raw_shape(target).size(), 1);
    for (std::size_t axis = 0; axis < seen.size(); ++axis) {
      if (target.axes[axis] < 0 && seen[axis] != 1) return {};
      if (target.axes[axis] >= 0) shape[static_cast<std::size_t>(target.axes[axis])] = seen[axis];
    }
    shapes.push_back(std::move(shape));
  }
  std::vector<int> inputs;
  for (std::size_t k = 0; k < shapes.size(); ++k) {
    inputs.push_back(reshape(view_of(layer.inputs[k]), shapes[k]));
  }
  return inputs;
}

namespace {

/// Layers that the network needs and that only move values to other places.
int count_moves(const Draft& draft) {
  const auto uses = draft.use_counts();
  int count = 0;
  for (std::size_t k = 0; k < draft.layers.size(); ++k) {
    const Operation& operation = draft.layers[k].operation;
    const bool moves = std::holds_alternative<Transposition>(operation) ||
                       std::holds_alternative<Selection>(operation);
    if (uses[k] > 0 && moves) ++count;
  }
  return count;
}

/// Does a layer work on sequences: along their steps, or as images of height 1?
bool has_sequences(const Draft& draft) {
  return std::ranges::any_of(draft.layers, [&draft](const DraftLayer& layer) {
    if (std::holds_alternative<Recurrence>(layer.operation) ||
        std::holds_alternative<MatrixProduct>(layer.operation)) {
      return true;
    }
    return std::holds_alternative<Reshape>(layer.operation) && layer.shape.size() == 4 &&
           draft.shape_of(layer.inputs[0]).size() == 3;
  });
}

bool has_weights(const Draft& draft) {
  return std::ranges::any_of(draft.layers, [](const DraftLayer& layer) {
    return Layer{{}, layer.operation, {}}.has_weights();
  });
}

}  // namespace

void fold_layout(Draft& draft) {
  if (count_moves(draft) == 0 && !has_sequences(draft)) return;
  const std::size_t rank = draft.input_shape.size();
  Draft best = LayoutPass(draft, plain_axes(rank)).run();
  // An input N x H x W x C or N x L x C is taken with its channels first where that saves moves.
  if ((rank == 3 || rank == 4) && count_moves(best) > 0 && has_weights(draft)) {
    std::vector<int> channels_last = plain_axes(rank);
    std::rotate(channels_last.begin() + 1, channels_last.begin() + 2, channels_last.end());
    Draft turned = LayoutPass(draft, channels_last).run();
    if (count_moves(turned) < count_moves(best)) best = std::move(turned);
  }
  draft = std::move(best);
}

}  // namespace memspice::network
