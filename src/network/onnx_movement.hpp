#pragma once
// Operators that only move values: each is run on the places of its operand's values, which says
// where every value of the result comes from.

#include <array>
#include <functional>
#include <vector>

#include "network/onnx_node.hpp"

namespace memspice::network {

/// A constant moved; of integers where the operand is computed, which are its values' places, and
/// of which -1 stands for the fill.
using Move = std::function<Constant(const Constant&)>;

/// Emits operand 0 moved: folded if it is constant, else as a Selection. Rejects results without a
/// batch axis of their own.
void emit_moved(OnnxNode& node, const Move& move, float fill = 0.0F);

/// The place along one axis that each place of a result takes; -1: the fill.
using Places = std::vector<std::int64_t>;

/// `x` with place i along axis k taken from place places[k][i]; axes with empty lists stay.
Constant take_places(const Constant& x, const std::vector<Places>& places);

/// What takes place i along axis k of a tensor of `shape` from place places[k][i]; -1: 0.
Selection select_places(const Shape& shape, const std::vector<Places>& places);

/// The values of images of shape 1 x C x H x W or 1 x C x L with zeros around them.
std::int64_t padded_count(const Shape& shape, const std::array<int, 4>& padding);

/// Zeros around such images; padding: top, left, bottom, right.
Selection pad_with_zeros(const Shape& shape, const std::array<int, 4>& padding);

}  // namespace memspice::network
