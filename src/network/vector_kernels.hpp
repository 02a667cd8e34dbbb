#pragma once
// The loops of pooling and of looking through tensors, compiled for several instruction sets.

#include <cstdint>
#include <span>

namespace memspice::network {

/// How a pooling window moves along one axis: tap t of position p meets pixel
/// start + p stride + t dilation, where that lies within 0 .. length - 1.
struct PoolAxis {
  std::int64_t taps = 1, stride = 1, dilation = 1, start = 0;
  std::int64_t length = 0, positions = 0;
};

/// to = the largest value of each window of a plane, -infinity where it meets no pixel;
/// plane: rows.length x columns.length, to: rows.positions x columns.positions.
void pool_largest(const PoolAxis& rows, const PoolAxis& columns, const float* plane, float* to);

/// to = the sum of each window, its taps in order.
void pool_sum(const PoolAxis& rows, const PoolAxis& columns, const float* plane, float* to);

struct Extremes {
  float low, high;
};

/// Whether no value is infinite or NaN.
bool all_finite(std::span<const float> values);

/// The least and the greatest of at least one value, all finite.
Extremes extremes(std::span<const float> values);

}  // namespace memspice::network
