// Pooling over windows, and means over whole axes.

#include <algorithm>

#include "network/apply.hpp"
#include "network/shapes.hpp"
#include "network/vector_kernels.hpp"

namespace memspice::network {
namespace {

/// The taps of each position along one axis that count in a mean: those on the image, or those on
/// the image and its padding behind.
std::vector<std::int64_t> taps_counted(const WindowAxis& axis,
                                       std::int64_t padding,
                                       bool with_padding) {
  std::vector<std::int64_t> counts;
  for (std::int64_t p = 0; p < axis.positions; ++p) {
    std::int64_t count = 0;
    for (std::int64_t t = 0; t < axis.taps; ++t) {
      const std::int64_t pixel = axis.start + p * axis.stride + t * axis.dilation;
      const bool on_image = pixel >= 0 && pixel < axis.length;
      count += with_padding ? pixel < axis.length + padding : on_image;
    }
    counts.push_back(count);
  }
  return counts;
}

/// What each window's sum is divided by: out rows x out columns; 1 where nothing was added.
std::vector<float> divisors(const Pooling& pooling,
                            const WindowAxis& rows,
                            const WindowAxis& columns) {
  const Window& w = pooling.window;
  const auto by_row = taps_counted(rows, w.padding[2], pooling.count_padding);
  const auto by_column = taps_counted(columns, w.padding[3], pooling.count_padding);
  std::vector<float> divisors;
  for (const std::int64_t r : by_row) {
    for (const std::int64_t c : by_column) {
      divisors.push_back(static_cast<float>(std::max<std::int64_t>(r * c, 1)));
    }
  }
  return divisors;
}

/// Mean over one axis, which stays with length 1.
Tensor mean_over(const Tensor& x, std::size_t axis) {
  Shape shape = x.shape;
  const auto length = shape[axis];
  const auto inner = stride_of(shape, axis);
  shape[axis] = 1;
  Tensor y(shape);
  for (std::int64_t k = 0; k < y.size(); ++k) {
    const float* from = x.data.data() + (k / inner) * length * inner + k % inner;
    double sum = 0.0;
    for (std::int64_t i = 0; i < length; ++i) sum += static_cast<double>(from[i * inner]);
    y.data[static_cast<std::size_t>(k)] = static_cast<float>(sum / static_cast<double>(length));
  }
  return y;
}

}  // namespace

Tensor apply(const Pooling& pooling, const Tensor& x, const Shape& out) {
  Tensor y(out);
  const WindowAxis rows = window_axis(pooling.window, 0, x.shape[2], out[2]);
  const WindowAxis columns = window_axis(pooling.window, 1, x.shape[3], out[3]);
  const bool is_mean = pooling.kind == Pooling::Kind::Average;
  const std::vector<float> count =
      is_mean ? divisors(pooling, rows, columns) : std::vector<float>{};
  for (std::int64_t k = 0; k < out[0] * out[1]; ++k) {
    const float* plane = x.data.data() + k * rows.length * columns.length;
    float* to = y.data.data() + k * rows.positions * columns.positions;
    if (is_mean) {
      pool_sum(rows, columns, plane, to);
      for (std::size_t c = 0; c < count.size(); ++c) to[c] /= count[c];
    } else {
      pool_largest(rows, columns, plane, to);
    }
  }
  return y;
}

Tensor apply(const GlobalAverage& average, const Tensor& x, const Shape& out) {
  Tensor y = x;
  // Inner axes first: the sums then run over memory in order.
  std::vector<int> axes;
  for (const int axis : average.axes) axes.push_back(normal_axis(axis, x.shape.size(), "mean"));
  std::ranges::sort(axes, std::greater<>{});
  for (const int axis : axes) y = mean_over(y, static_cast<std::size_t>(axis));
  y.shape = out;
  return y;
}

}  // namespace memspice::network
