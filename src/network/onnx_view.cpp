#include "network/onnx_view.hpp"

#include <algorithm>
#include <numeric>

#include "network/apply.hpp"

namespace memspice::network {

bool AxisView::is_plain(std::size_t rank) const {
  return order.empty() && axes == plain_axes(rank);
}

std::vector<int> plain_axes(std::size_t rank) {
  std::vector<int> axes(rank);
  std::iota(axes.begin(), axes.end(), 0);
  return axes;
}

std::vector<std::size_t> memory_order(const AxisView& view, const Shape& shape) {
  std::vector<std::size_t> found;
  for (std::size_t k = 0; k < shape.size(); ++k) {
    if (shape[k] > 1) found.push_back(k);
  }
  std::ranges::sort(found, {}, [&view](std::size_t k) { return view.axes[k]; });
  return found;
}

std::optional<std::vector<int>> single_axes_changed(const Shape& from, const Shape& to) {
  std::vector<int> axes{0};
  std::size_t next = 1;
  for (std::size_t k = 1; k < to.size(); ++k) {
    if (to[k] == 1) {
      const bool is_there = next < from.size() && from[next] == 1;
      axes.push_back(is_there ? static_cast<int>(next++) : -1);
      continue;
    }
    while (next < from.size() && from[next] == 1) ++next;
    if (next >= from.size() || from[next] != to[k]) return std::nullopt;
    axes.push_back(static_cast<int>(next++));
  }
  const bool rest_is_single =
      std::all_of(from.begin() + static_cast<std::ptrdiff_t>(std::min(next, from.size())),
                  from.end(),
                  [](auto n) { return n == 1; });
  if (from.empty() || to.empty() || from[0] != to[0] || !rest_is_single) return std::nullopt;
  return axes;
}

std::vector<int> compose(const std::vector<int>& before, const std::vector<int>& axes) {
  std::vector<int> composed;
  for (const int axis : axes) {
    composed.push_back(axis < 0 ? -1 : before[static_cast<std::size_t>(axis)]);
  }
  return composed;
}

std::vector<std::int32_t> row_order(const AxisView& view, const Shape& raw) {
  Tensor index(raw);
  std::iota(index.data.begin(), index.data.end(), 0.0F);
  Shape shape;
  for (const int axis : view.axes) {
    shape.push_back(axis < 0 ? 1 : raw[static_cast<std::size_t>(axis)]);
  }
  const Tensor moved = apply(Transposition{view.axes}, index, shape);
  return {moved.data.begin(), moved.data.end()};
}

Tensor constant_behind(const AxisView& view,
                       std::size_t rank,
                       std::size_t raw_rank,
                       const Tensor& constant) {
  Tensor whole = constant;
  whole.shape.insert(whole.shape.begin(), rank - constant.shape.size(), 1);
  Transposition back{std::vector<int>(raw_rank, -1)};
  Shape shape(raw_rank, 1);
  for (std::size_t k = 0; k < rank; ++k) {
    if (view.axes[k] < 0) continue;
    const auto axis = static_cast<std::size_t>(view.axes[k]);
    back.axes[axis] = static_cast<int>(k);
    shape[axis] = whole.shape[k];
  }
  return apply(back, whole, shape);
}

}  // namespace memspice::network
