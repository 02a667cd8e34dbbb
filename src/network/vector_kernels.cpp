#include "network/vector_kernels.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

// The loops below are compiled once for each instruction set, by including this file again.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "network/vector_kernels.cpp"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace memspice::network {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

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

template <typename Fold>
HWY_INLINE void pool(const Fold& fold,
                     const WindowAxis& rows,
                     const WindowAxis& columns,
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

/// A maximum may be taken along the columns first, whose pixels are neighbours: one line for each
/// row of positions, and then its windows.
void largest(const WindowAxis& rows, const WindowAxis& columns, const float* plane, float* to) {
  thread_local std::vector<float> line;
  line.resize(static_cast<std::size_t>(columns.length));
  const WindowAxis whole{.length = columns.length, .positions = columns.length};
  WindowAxis row = rows;
  row.positions = 1;
  const WindowAxis one{.length = 1, .positions = 1};
  for (std::int64_t p = 0; p < rows.positions; ++p, to += columns.positions) {
    row.start = rows.start + p * rows.stride;
    std::fill(line.begin(), line.end(), -std::numeric_limits<float>::infinity());
    pool(Larger{}, row, whole, plane, line.data());
    pool(Larger{}, one, columns, line.data(), to);
  }
}

void sum(const WindowAxis& rows, const WindowAxis& columns, const float* plane, float* to) {
  pool(Sum{}, rows, columns, plane, to);
}

/// Copies; short rows are not worth a call.
HWY_INLINE void copy_row(const float* from, std::int64_t stride, std::int64_t count, float* to) {
  const hn::ScalableTag<float> wide;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(wide));
  if (stride != 1) {
    for (std::int64_t k = 0; k < count; ++k) to[k] = from[k * stride];
    return;
  }
  if (count < lanes) {
    for (std::int64_t k = 0; k < count; ++k) to[k] = from[k];
    return;
  }
  for (std::int64_t k = 0; k + lanes <= count; k += lanes) {
    hn::StoreU(hn::LoadU(wide, from + k), wide, to + k);
  }
  // The last lanes, some of them for the second time.
  const std::int64_t last = count - lanes;
  hn::StoreU(hn::LoadU(wide, from + last), wide, to + last);
}

void gather(
    const WindowAxis& rows, const WindowAxis& columns, Tap tap, const float* plane, float* to) {
  const auto [top, bottom] = positions_of(rows, tap.row);
  const auto [first, end] = positions_of(columns, tap.column);
  const std::int64_t width = columns.positions;
  if (top >= bottom || first >= end) {
    std::fill_n(to, rows.positions * width, 0.0F);
    return;
  }
  std::fill_n(to, top * width, 0.0F);
  std::fill_n(to + bottom * width, (rows.positions - bottom) * width, 0.0F);
  const std::int64_t row = rows.start + tap.row * rows.dilation;
  const std::int64_t column =
      columns.start + tap.column * columns.dilation + first * columns.stride;
  const auto line = [&](std::int64_t p) {
    return plane + (row + p * rows.stride) * columns.length + column;
  };
  // Where lines follow each other on the plane as in the result, one copy takes them all.
  const bool is_shift = rows.stride == 1 && columns.stride == 1 && width == columns.length;
  if (is_shift) {
    copy_row(line(top), 1, (bottom - 1 - top) * width + end - first, to + top * width + first);
  }
  for (std::int64_t p = top; p < bottom && !is_shift; ++p) {
    copy_row(line(p), columns.stride, end - first, to + p * width + first);
  }
  // Few columns, many rows: one store each, where a call to clear each row's share would cost more.
  const auto clear_column = [&](std::int64_t q) {
    for (std::int64_t p = top; p < bottom; ++p) to[p * width + q] = 0.0F;
  };
  for (std::int64_t q = 0; q < first; ++q) clear_column(q);
  for (std::int64_t q = end; q < width; ++q) clear_column(q);
}

void scatter(
    const WindowAxis& rows, const WindowAxis& columns, Tap tap, const float* from, float* plane) {
  const auto [top, bottom] = positions_of(rows, tap.row);
  const auto [first, end] = positions_of(columns, tap.column);
  const std::int64_t stride = columns.stride;
  const std::int64_t column = columns.start + tap.column * columns.dilation + first * stride;
  for (std::int64_t p = top; p < bottom; ++p) {
    const std::int64_t row = rows.start + tap.row * rows.dilation + p * rows.stride;
    float* pixel = plane + row * columns.length + column;
    const float* value = from + p * columns.positions + first;
    for (std::int64_t q = 0; q < end - first; ++q) pixel[q * stride] += value[q];
  }
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

/// Adding and taking away it rounds a float of less than 2^22 to the nearest integer, ties to even,
/// in two operations that vectorise everywhere: 1.5 * 2^23.
constexpr float kRound = 12582912.0F;

void to_codes(const CodeSteps& steps, float* values, std::size_t count) {
  for (std::size_t k = 0; k < count; ++k) {
    const float code = std::min(std::max(values[k] * steps.to_code, steps.low), steps.high);
    values[k] = ((code + kRound) - kRound) * steps.to_value;
  }
}

void search_codes(const CodeSearch& search, float* values, std::size_t count) {
  // Pieces that stay in registers and cache, so that each step vectorises by itself.
  constexpr std::size_t kPiece = 256;
  float x[kPiece];
  std::int32_t code[kPiece];
  const auto lowest = static_cast<float>(search.base);
  const auto highest = static_cast<float>(search.base + search.bins - 1);
  for (std::size_t at = 0; at < count; at += kPiece) {
    const std::size_t size = std::min(kPiece, count - at);
    for (std::size_t k = 0; k < size; ++k) {
      x[k] = values[at + k] * search.to_code + search.offset;
      const float inside = std::min(std::max(x[k], lowest), highest);
      code[k] = search.first[static_cast<std::int32_t>(std::floor(inside)) - search.base];
    }
    for (std::int32_t step = 0; step < search.deepest; ++step) {
      for (std::size_t k = 0; k < size; ++k) code[k] += x[k] > search.begins[code[k]] ? 1 : 0;
    }
    for (std::size_t k = 0; k < size; ++k) {
      values[at + k] = static_cast<float>(search.low + code[k]) * search.to_value;
    }
  }
}

void levels_of(const LevelLookup& lookup, float* values, std::size_t count) {
  for (std::size_t k = 0; k < count; ++k) {
    const float code = std::min(std::max(values[k] * lookup.to_code, lookup.low), lookup.high);
    values[k] = lookup.levels[static_cast<std::int32_t>(((code + kRound) - kRound) - lookup.low)];
  }
}

void curve(float a3, float a5, const float* v, float* f, std::size_t count) {
  for (std::size_t k = 0; k < count; ++k) {
    const float square = v[k] * v[k];
    f[k] = v[k] * (1.0F + square * (a3 + square * a5));
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace memspice::network
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace memspice::network {

HWY_EXPORT(largest);
HWY_EXPORT(sum);
HWY_EXPORT(gather);
HWY_EXPORT(scatter);
HWY_EXPORT(largest_size);
HWY_EXPORT(range);
HWY_EXPORT(to_codes);
HWY_EXPORT(search_codes);
HWY_EXPORT(levels_of);
HWY_EXPORT(curve);

void pool_largest(const WindowAxis& rows,
                  const WindowAxis& columns,
                  const float* plane,
                  float* to) {
  std::fill_n(to, rows.positions * columns.positions, -std::numeric_limits<float>::infinity());
  HWY_DYNAMIC_DISPATCH(largest)(rows, columns, plane, to);
}

void pool_sum(const WindowAxis& rows, const WindowAxis& columns, const float* plane, float* to) {
  std::fill_n(to, rows.positions * columns.positions, 0.0F);
  HWY_DYNAMIC_DISPATCH(sum)(rows, columns, plane, to);
}

void gather_tap(
    const WindowAxis& rows, const WindowAxis& columns, Tap tap, const float* plane, float* to) {
  HWY_DYNAMIC_DISPATCH(gather)(rows, columns, tap, plane, to);
}

void scatter_tap(
    const WindowAxis& rows, const WindowAxis& columns, Tap tap, const float* from, float* plane) {
  HWY_DYNAMIC_DISPATCH(scatter)(rows, columns, tap, from, plane);
}

bool all_finite(std::span<const float> values) {
  constexpr std::uint32_t infinity = 0x7F80'0000U;
  return HWY_DYNAMIC_DISPATCH(largest_size)(values.data(), values.size()) < infinity;
}

Extremes extremes(std::span<const float> values) {
  return HWY_DYNAMIC_DISPATCH(range)(values.data(), values.size());
}

void round_to_codes(const CodeSteps& steps, std::span<float> values) {
  HWY_DYNAMIC_DISPATCH(to_codes)(steps, values.data(), values.size());
}

void find_codes(const CodeSearch& search, std::span<float> values) {
  HWY_DYNAMIC_DISPATCH(search_codes)(search, values.data(), values.size());
}

void look_up_levels(const LevelLookup& lookup, std::span<float> values) {
  HWY_DYNAMIC_DISPATCH(levels_of)(lookup, values.data(), values.size());
}

void bend(float a3, float a5, std::span<const float> v, std::span<float> f) {
  HWY_DYNAMIC_DISPATCH(curve)(a3, a5, v.data(), f.data(), v.size());
}

}  // namespace memspice::network
#endif
