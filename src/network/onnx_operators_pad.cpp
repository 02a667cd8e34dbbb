// Padding. Zeros around images are left to the layer behind; all else is a selection of values.

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>
#include <string_view>

#include "network/onnx_movement.hpp"
#include "network/onnx_operators.hpp"
#include "network/onnx_window.hpp"
#include "network/shapes.hpp"

namespace memspice::network {
namespace {

/// Where axis places of a padded tensor come from: -1 outside for zeros or another constant.
Places padded_places(OnnxNode& node,
                     const std::string& mode,
                     std::int64_t length,
                     std::int64_t before,
                     std::int64_t behind) {
  Places places;
  for (std::int64_t k = -before; k < length + behind; ++k) {
    const bool is_outside = k < 0 || k >= length;
    std::int64_t at = is_outside ? -1 : k;
    if (is_outside && mode == "edge") at = std::clamp<std::int64_t>(k, 0, length - 1);
    if (is_outside && mode == "wrap") at = ((k % length) + length) % length;
    if (is_outside && mode == "reflect") {
      at = k < 0 ? -k : 2 * (length - 1) - k;
      if (at < 0 || at >= length) node.reject("mode reflect", "reaches past the other edge");
    }
    places.push_back(at);
  }
  return places;
}

/// Zeros around height and width, or around a length, which the layer behind may take over.
std::optional<std::array<int, 4>> image_padding(OnnxNode& node,
                                                const std::vector<std::int64_t>& pads) {
  const auto rank = node.shape(0).size();
  if (rank != 3 && rank != 4) return std::nullopt;
  if (pads[0] != 0 || pads[1] != 0 || pads[rank] != 0 || pads[rank + 1] != 0) return std::nullopt;
  if (std::ranges::any_of(pads, [](auto n) { return n < 0; })) return std::nullopt;
  std::array<int, 4> sides{};
  for (std::size_t axis = 4 - rank; axis < 2; ++axis) {
    const auto at = image_axis(node, axis);
    sides[axis] = small_integer(node, pads[at], 0, "pads");
    sides[axis + 2] = small_integer(node, pads[rank + at], 0, "pads");
  }
  return sides;
}

/// pads for every axis: opset 18 may name those that it means.
std::vector<std::int64_t> read_pads(OnnxNode& node) {
  const char* name = node.has_attribute("paddings") ? "paddings" : "pads";  // the former: opset 1
  const auto given = node.has_input(1) ? node.integers(1) : node.integer_list(name);
  const auto rank = node.shape(0).size();
  std::vector<std::int64_t> axes(given.size() / 2);
  std::iota(axes.begin(), axes.end(), 0);
  if (node.has_input(3)) axes = node.integers(3);
  if (given.size() != 2 * axes.size() || (!node.has_input(3) && axes.size() != rank)) {
    node.reject("pads with " + std::to_string(given.size()) + " entries", "two for each axis");
  }
  std::vector<std::int64_t> pads(2 * rank, 0);
  for (std::size_t k = 0; k < axes.size(); ++k) {
    const auto axis = static_cast<std::size_t>(normal_axis(axes[k], rank, node.place()));
    for (const auto pad : {given[k], given[k + axes.size()]}) {
      small_integer(node, pad < 0 ? ~pad : pad, 0, "pads");
    }
    pads[axis] = given[k];
    pads[axis + rank] = given[k + axes.size()];
  }
  return pads;
}

/// The number around the tensor; where the file's holds integers, what the integer stands for.
float padding_value(OnnxNode& node) {
  const float value = node.has_input(2) ? node.scalar(2) : node.number("value", 0.0F);
  const auto codes = node.codes(0);
  if (codes == nullptr) return value;
  if (codes->scale.size() > 1) {
    node.reject("a scale for each index of an axis",
                "only integers of one scale and zero point can be padded",
                "export the network with the Pad node before QuantizeLinear");
  }
  return codes->scale.data[0] * (value - codes->zero_point.data[0]);
}

}  // namespace

void read_pad(OnnxNode& node) {
  node.take_padding();  // added to in forward_padded
  const auto pads = read_pads(node);
  const auto mode = node.text("mode", "constant");
  const float value = padding_value(node);
  if (std::ranges::all_of(pads, [](auto n) { return n == 0; })) return node.forward(0);
  const auto sides = image_padding(node, pads);
  const bool has_zeros = mode == "constant" && value == 0.0F && !node.is_constant(0);
  if (sides && has_zeros) return node.forward_padded(*sides);
  constexpr std::array<std::string_view, 4> kModes{"constant", "reflect", "edge", "wrap"};
  if (std::ranges::find(kModes, std::string_view(mode)) == kModes.end()) {
    node.reject("mode " + mode, "is none of constant, reflect, edge and wrap");
  }
  node.leave_padding();
  const auto rank = node.shape(0).size();
  if (!node.is_constant(0) && (pads[0] != 0 || pads[rank] != 0)) {
    node.reject("axis 0", "the first axis is the batch; images may not mix");
  }
  Shape padded = node.shape(0);
  for (std::size_t k = 0; k < rank; ++k) padded[k] += pads[k] + pads[k + rank];
  node.require_room(element_count(padded));
  emit_moved(
      node,
      [&](const Constant& x) {
        std::vector<Places> places(rank);
        for (std::size_t k = 0; k < rank; ++k) {
          places[k] = padded_places(node, mode, x.shape[k], pads[k], pads[k + rank]);
        }
        return take_places(x, places);
      },
      value);
}

}  // namespace memspice::network
