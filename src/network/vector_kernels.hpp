#pragma once
// The loops over many values that networks and their tiles spend their time in, compiled for
// several instruction sets.

#include <algorithm>
#include <cstdint>
#include <span>

#include "network/window.hpp"

namespace memspice::network {

/// to = the largest value of each window of a plane, -infinity where it meets no pixel;
/// plane: rows.length x columns.length, to: rows.positions x columns.positions.
void pool_largest(const WindowAxis& rows, const WindowAxis& columns, const float* plane, float* to);

/// to = the sum of each window, its taps in order.
void pool_sum(const WindowAxis& rows, const WindowAxis& columns, const float* plane, float* to);

/// The positions first .. end - 1 at which a tap meets a pixel; none where first >= end.
struct Positions {
  std::int64_t first, end;
};
inline Positions positions_of(const WindowAxis& axis, std::int64_t tap) {
  const std::int64_t offset = axis.start + tap * axis.dilation;
  const std::int64_t room = axis.length - 1 - offset;
  return {offset >= 0 ? 0 : (-offset + axis.stride - 1) / axis.stride,
          room < 0 ? 0 : std::min(axis.positions, room / axis.stride + 1)};
}

/// One tap of a window.
struct Tap {
  std::int64_t row = 0, column = 0;
};

/// to = the pixel that the tap meets at each position, 0 where it meets none: a row of im2col.
void gather_tap(
    const WindowAxis& rows, const WindowAxis& columns, Tap tap, const float* plane, float* to);

/// plane += at the pixel that the tap meets at each position, `from` of that position: the adjoint.
void scatter_tap(
    const WindowAxis& rows, const WindowAxis& columns, Tap tap, const float* from, float* plane);

struct Extremes {
  float low, high;
};

/// Whether no value is infinite or NaN.
bool all_finite(std::span<const float> values);

/// The least and the greatest of at least one value, all finite.
Extremes extremes(std::span<const float> values);

/// How a converter gives a value back: code = round(value * to_code), at least `low` and at most
/// `high`, of less than 2^22 either way; code * to_value.
struct CodeSteps {
  float to_code, low, high, to_value;
};
/// Ties go to the even code.
void round_to_codes(const CodeSteps& steps, std::span<float> values);

/// A converter whose codes do not begin at equal steps. With x = value * to_code + offset, bin b
/// holds floor(x) = base + b; x beyond the bins belongs to the first or the last.
struct CodeSearch {
  float to_code, offset;
  std::int32_t base, bins;
  std::int32_t deepest;       ///< most codes that begin in one bin
  const std::int32_t* first;  ///< per bin: how many codes begin below it
  const float* begins;        ///< of the codes above the lowest, rising; then `deepest` infinities
  std::int32_t low;           ///< the lowest code
  float to_value;
};
/// to_value times the code whose begin is the last below x.
void find_codes(const CodeSearch& search, std::span<float> values);

/// levels[code - low], code = round(value * to_code) kept to low .. high; ties go to the even code.
struct LevelLookup {
  float to_code, low, high;
  const float* levels;
};
void look_up_levels(const LevelLookup& lookup, std::span<float> values);

/// f = v (1 + a3 v^2 + a5 v^4); as many of either.
void bend(float a3, float a5, std::span<const float> v, std::span<float> f);

}  // namespace memspice::network
