// Pooling over windows, and means over whole axes.

#include <algorithm>
#include <limits>

#include "network/apply.hpp"
#include "network/shapes.hpp"

namespace memspice::network {
namespace {

/// The taps of one window position along one axis that lie on the image.
struct Span {
  std::int64_t first = 0;     ///< first pixel on the image
  std::int64_t count = 0;     ///< taps on the image
  std::int64_t in_frame = 0;  ///< taps on the image or its padding
};

Span window_span(std::int64_t position, const Window& w, std::size_t axis, std::int64_t length) {
  const std::int64_t step = w.dilation[axis];
  const std::int64_t start = position * w.stride[axis] - w.padding[axis];
  Span span;
  for (int tap = 0; tap < w.kernel[axis]; ++tap) {
    const auto pixel = start + tap * step;
    if (pixel < length + w.padding[axis + 2]) ++span.in_frame;
    if (pixel < 0 || pixel >= length) continue;
    if (span.count++ == 0) span.first = pixel;
  }
  return span;
}

std::vector<Span> window_spans(const Window& w,
                               std::size_t axis,
                               std::int64_t length,
                               std::int64_t count) {
  std::vector<Span> spans;
  for (std::int64_t k = 0; k < count; ++k) spans.push_back(window_span(k, w, axis, length));
  return spans;
}

struct Plane {
  const float* data;
  std::int64_t width;
  const Window& window;
};

/// `fold(value, pixel)` over the pixels of one window, in order.
template <typename Fold>
float fold_window(
    const Plane& plane, const Span& rows, const Span& columns, float start, const Fold& fold) {
  float value = start;
  for (std::int64_t u = 0; u < rows.count; ++u) {
    const auto row = rows.first + u * plane.window.dilation[0];
    const float* pixel = plane.data + row * plane.width + columns.first;
    for (std::int64_t v = 0; v < columns.count; ++v, pixel += plane.window.dilation[1]) {
      value = fold(value, *pixel);
    }
  }
  return value;
}

float pool_window(const Pooling& pooling,
                  const Plane& plane,
                  const Span& rows,
                  const Span& columns) {
  if (pooling.kind == Pooling::Kind::Max) {
    return fold_window(
        plane, rows, columns, -std::numeric_limits<float>::infinity(), [](float a, float b) {
          return b > a ? b : a;
        });
  }
  const float sum = fold_window(plane, rows, columns, 0.0F, std::plus<float>{});
  const auto count =
      pooling.count_padding ? rows.in_frame * columns.in_frame : rows.count * columns.count;
  return count == 0 ? 0.0F : sum / static_cast<float>(count);
}

std::int64_t flat_stride(const Shape& shape, std::size_t axis) {
  std::int64_t stride = 1;
  for (std::size_t k = axis + 1; k < shape.size(); ++k) stride *= shape[k];
  return stride;
}

/// Mean over one axis, which stays with length 1.
Tensor mean_over(const Tensor& x, std::size_t axis) {
  Shape shape = x.shape;
  const auto length = shape[axis];
  const auto inner = flat_stride(shape, axis);
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
  const auto rows = window_spans(pooling.window, 0, x.shape[2], out[2]);
  const auto columns = window_spans(pooling.window, 1, x.shape[3], out[3]);
  float* to = y.data.data();
  for (std::int64_t k = 0; k < out[0] * out[1]; ++k) {
    const Plane plane{x.data.data() + k * x.shape[2] * x.shape[3], x.shape[3], pooling.window};
    for (const Span& row : rows) {
      for (const Span& column : columns) *to++ = pool_window(pooling, plane, row, column);
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
