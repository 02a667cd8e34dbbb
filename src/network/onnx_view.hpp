#pragma once
// A tensor of the file seen as a layer's output with its axes in another order: what transpositions
// and reshapes by axes of length 1 leave to do, until a layer needs them done.

#include <optional>
#include <string>
#include <vector>

#include "network/layer.hpp"

namespace memspice::network {

/// Axis i of the view is axis `axes[i]` of the layer's output, as of Transposition.
struct AxisView {
  int layer = 0;          ///< of the draft
  std::vector<int> axes;  ///< without a change: 0, 1, 2, ...
  std::vector<std::int32_t> order =
      {};                 ///< of a row of values instead: place k holds value order[k]
  std::string name = {};  ///< of the layer that changed the view last

  bool is_plain(std::size_t rank) const;  ///< is it the layer's output itself, of `rank` axes?
};

std::vector<int> plain_axes(std::size_t rank);

/// The axes longer than 1 of a view of shape `shape`, as they lie in memory from outer to inner.
std::vector<std::size_t> memory_order(const AxisView& view, const Shape& shape);

/// `to` as axes of a view of shape `from`, if they differ by axes of length 1 alone.
std::optional<std::vector<int>> single_axes_changed(const Shape& from, const Shape& to);

/// `axes` of a view whose own are `before`.
std::vector<int> compose(const std::vector<int>& before, const std::vector<int>& axes);

/// Values of a row whose places float32 counts exactly.
inline constexpr std::int64_t kLongestRow = std::int64_t{1} << 24;

/// The order of a view's values as one row of at most kLongestRow; `raw`: shape of the layer's
/// output for a batch of 1.
std::vector<std::int32_t> row_order(const AxisView& view, const Shape& raw);

/// A constant of the view's `rank` or less as the layer's output of `raw_rank` axes needs it.
Tensor constant_behind(const AxisView& view,
                       std::size_t rank,
                       std::size_t raw_rank,
                       const Tensor& constant);

}  // namespace memspice::network
