// Resize of images: each pixel of the result is a weighted sum of pixels along each axis.

#include <algorithm>
#include <cmath>

#include "network/apply.hpp"

namespace memspice::network {
namespace {

double original_coordinate(
    const Resize& r, double position, double n_in, double n_out, double scale) {
  if (r.coordinates == "half_pixel") return (position + 0.5) / scale - 0.5;
  if (r.coordinates == "pytorch_half_pixel") {
    return n_out > 1.0 ? (position + 0.5) / scale - 0.5 : 0.0;
  }
  if (r.coordinates == "tf_half_pixel_for_nn") return (position + 0.5) / scale;
  if (r.coordinates == "align_corners") {
    return n_out > 1.0 ? position * (n_in - 1.0) / (n_out - 1.0) : 0.0;
  }
  return position / scale;
}

double rounded(const std::string& rounding, double x) {
  if (rounding == "ceil") return std::ceil(x);
  if (rounding == "round_prefer_floor") return std::ceil(x - 0.5);
  if (rounding == "round_prefer_ceil") return std::floor(x + 0.5);
  return std::floor(x);
}

/// A pixel of the input and its part in one of the result.
struct Tap {
  std::int64_t pixel;
  float weight;
};

/// Keys 1981: the cubic that passes through its pixels, at distance `d` from one; a: its slope.
double cubic(double d, double a) {
  d = std::abs(d);
  if (d <= 1.0) return ((a + 2.0) * d - (a + 3.0)) * d * d + 1.0;
  return d < 2.0 ? ((d - 5.0) * d + 8.0) * d * a - 4.0 * a : 0.0;
}

/// The weight of the pixel at distance `d`.
double weight_at(const Resize& r, double d) {
  if (r.mode == "cubic") return cubic(d, static_cast<double>(r.cubic_slope));
  return std::max(0.0, 1.0 - std::abs(d));
}

/// The pixels around `x`; the image's edges go on for ever, or do not count.
std::vector<Tap> interpolate(const Resize& r, double x, std::int64_t length) {
  const int reach = r.mode == "cubic" ? 2 : 1;
  const auto below = static_cast<std::int64_t>(std::floor(x));
  std::vector<Tap> taps;
  double sum = 0.0;
  for (std::int64_t pixel = below - reach + 1; pixel <= below + reach; ++pixel) {
    const bool is_outside = pixel < 0 || pixel >= length;
    if (is_outside && r.exclude_outside) continue;
    const double weight = weight_at(r, x - static_cast<double>(pixel));
    sum += weight;
    taps.push_back({std::clamp<std::int64_t>(pixel, 0, length - 1), static_cast<float>(weight)});
  }
  for (Tap& tap : taps) tap.weight = static_cast<float>(static_cast<double>(tap.weight) / sum);
  return taps;
}

/// What each pixel of the result along one axis is made of.
std::vector<std::vector<Tap>> taps_along(const Resize& r,
                                         std::size_t axis,
                                         std::int64_t n_in,
                                         std::int64_t n_out) {
  const auto length_in = static_cast<double>(n_in);
  const auto length_out = static_cast<double>(n_out);
  const double scale =
      r.size[axis] > 0 ? length_out / length_in : static_cast<double>(r.scale[axis]);
  std::vector<std::vector<Tap>> taps;
  for (std::int64_t k = 0; k < n_out; ++k) {
    const double x = original_coordinate(r, static_cast<double>(k), length_in, length_out, scale);
    if (r.mode == "nearest") {
      const double pixel = std::clamp(rounded(r.rounding, x), 0.0, length_in - 1.0);
      taps.push_back({{static_cast<std::int64_t>(pixel), 1.0F}});
    } else {
      taps.push_back(interpolate(r, x, n_in));
    }
  }
  return taps;
}

float weighted(const float* plane,
               std::int64_t width,
               const std::vector<Tap>& rows,
               const std::vector<Tap>& columns) {
  float sum = 0.0F;
  for (const Tap& row : rows) {
    for (const Tap& column : columns) {
      sum += row.weight * column.weight * plane[row.pixel * width + column.pixel];
    }
  }
  return sum;
}

}  // namespace

Tensor apply(const Resize& resize, const Tensor& x, const Shape& out) {
  Tensor y(out);
  const auto rows = taps_along(resize, 0, x.shape[2], out[2]);
  const auto columns = taps_along(resize, 1, x.shape[3], out[3]);
  float* to = y.data.data();
  for (std::int64_t k = 0; k < out[0] * out[1]; ++k) {
    const float* plane = x.data.data() + k * x.shape[2] * x.shape[3];
    for (const auto& row : rows) {
      for (const auto& column : columns) *to++ = weighted(plane, x.shape[3], row, column);
    }
  }
  return y;
}

}  // namespace memspice::network
