#include "network/vector_kernels.hpp"

#include <algorithm>
#include <bit>
#include <limits>

// The loops below are compiled once for each instruction set, by including this file again.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "network/vector_kernels.cpp"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace memspice::network {
namespace HWY_NAMESPACE {

struct Larger {
  float operator()(float kept, float value) const { return value > kept ? value : kept; }
};
struct Sum {
  float operator()(float kept, float value) const { return kept + value; }
};

/// to[k] = fold(to[k], from[k * stride]); the usual strides are constants to the compiler.
template <typename Fold>
HWY_INLINE void fold_row(
    const Fold& fold, std::int64_t stride, std::int64_t count, const float* from, float* to) {
  if (stride == 1) {
    for (std::int64_t k = 0; k < count; ++k) to[k] = fold(to[k], from[k]);
  } else if (stride == 2) {
    for (std::int64_t k = 0; k < count; ++k) to[k] = fold(to[k], from[2 * k]);
  } else {
    for (std::int64_t k = 0; k < count; ++k) to[k] = fold(to[k], from[k * stride]);
  }
}

/// The positions first .. end - 1 at which tap t meets a pixel.
struct Positions {
  std::int64_t first, end;
};
HWY_INLINE Positions positions_of(const PoolAxis& axis, std::int64_t tap) {
  const std::int64_t offset = axis.start + tap * axis.dilation;
  const std::int64_t room = axis.length - 1 - offset;
  return {offset >= 0 ? 0 : (-offset + axis.stride - 1) / axis.stride,
          room < 0 ? 0 : std::min(axis.positions, room / axis.stride + 1)};
}

template <typename Fold>
HWY_INLINE void pool(const Fold& fold,
                     const PoolAxis& rows,
                     const PoolAxis& columns,
                     const float* plane,
                     float* to) {
  for (std::int64_t p = 0; p < rows.positions; ++p, to += columns.positions) {
    for (std::int64_t u = 0; u < rows.taps; ++u) {
      const std::int64_t row = rows.start + p * rows.stride + u * rows.dilation;
      if (row < 0 || row >= rows.length) continue;
      for (std::int64_t v = 0; v < columns.taps; ++v) {
        const auto [first, end] = positions_of(columns, v);
        const std::int64_t pixel = columns.start + first * columns.stride + v * columns.dilation;
        const float* from = plane + row * columns.length + pixel;
        if (first < end) fold_row(fold, columns.stride, end - first, from, to + first);
      }
    }
  }
}

void largest(const PoolAxis& rows, const PoolAxis& columns, const float* plane, float* to) {
  pool(Larger{}, rows, columns, plane, to);
}

void sum(const PoolAxis& rows, const PoolAxis& columns, const float* plane, float* to) {
  pool(Sum{}, rows, columns, plane, to);
}

/// Infinities and NaN have the largest exponents of all: no branch per value.
std::uint32_t largest_size(const float* values, std::size_t count) {
  std::uint32_t found = 0;
  for (std::size_t k = 0; k < count; ++k) {
    found = std::max(found, std::bit_cast<std::uint32_t>(values[k]) & 0x7FFF'FFFFU);
  }
  return found;
}

Extremes range(const float* values, std::size_t count) {
  // Partial results side by side: a compiler may not reorder comparisons of floats by itself.
  constexpr std::size_t width = 32;
  float low[width], high[width];
  std::fill_n(low, width, values[0]);
  std::fill_n(high, width, values[0]);
  std::size_t k = 0;
  for (; k + width <= count; k += width) {
    for (std::size_t l = 0; l < width; ++l) {
      low[l] = values[k + l] < low[l] ? values[k + l] : low[l];
      high[l] = values[k + l] > high[l] ? values[k + l] : high[l];
    }
  }
  for (; k < count; ++k) {
    low[0] = std::min(low[0], values[k]);
    high[0] = std::max(high[0], values[k]);
  }
  return {*std::min_element(low, low + width), *std::max_element(high, high + width)};
}

}  // namespace HWY_NAMESPACE
}  // namespace memspice::network
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace memspice::network {

HWY_EXPORT(largest);
HWY_EXPORT(sum);
HWY_EXPORT(largest_size);
HWY_EXPORT(range);

void pool_largest(const PoolAxis& rows, const PoolAxis& columns, const float* plane, float* to) {
  std::fill_n(to, rows.positions * columns.positions, -std::numeric_limits<float>::infinity());
  HWY_DYNAMIC_DISPATCH(largest)(rows, columns, plane, to);
}

void pool_sum(const PoolAxis& rows, const PoolAxis& columns, const float* plane, float* to) {
  std::fill_n(to, rows.positions * columns.positions, 0.0F);
  HWY_DYNAMIC_DISPATCH(sum)(rows, columns, plane, to);
}

bool all_finite(std::span<const float> values) {
  constexpr std::uint32_t infinity = 0x7F80'0000U;
  return HWY_DYNAMIC_DISPATCH(largest_size)(values.data(), values.size()) < infinity;
}

Extremes extremes(std::span<const float> values) {
  return HWY_DYNAMIC_DISPATCH(range)(values.data(), values.size());
}

}  // namespace memspice::network
#endif
