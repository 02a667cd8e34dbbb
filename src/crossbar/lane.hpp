#pragma once
// Small dense fronts, one per SIMD lane: the same elimination runs on 8 sub-arrays at once, so that
// fronts far too small for BLAS run at full vector width.

#include <cstddef>

namespace memspice::crossbar {

/// One number of each of the sub-arrays that are processed side by side.
struct alignas(64) Lane {
  static constexpr int width = 8;
  double value[width];

  static Lane all(double scalar) {
    Lane lane;
    for (int l = 0; l < width; ++l) lane.value[l] = scalar;
    return lane;
  }
  Lane& operator+=(const Lane& other) {
    for (int l = 0; l < width; ++l) value[l] += other.value[l];
    return *this;
  }
  Lane& operator-=(const Lane& other) {
    for (int l = 0; l < width; ++l) value[l] -= other.value[l];
    return *this;
  }
  friend Lane operator*(const Lane& a, const Lane& b) {
    Lane lane;
    for (int l = 0; l < width; ++l) lane.value[l] = a.value[l] * b.value[l];
    return lane;
  }
  friend Lane operator/(const Lane& a, const Lane& b) {
    Lane lane;
    for (int l = 0; l < width; ++l) lane.value[l] = a.value[l] / b.value[l];
    return lane;
  }
  friend Lane operator+(const Lane& a, const Lane& b) {
    Lane lane = a;
    return lane += b;
  }
  friend Lane operator-(const Lane& a, const Lane& b) {
    Lane lane = a;
    return lane -= b;
  }
  Lane operator-() const { return all(0.0) - *this; }
};

/// Rows and columns of a lane front come in blocks of this many.
constexpr int lane_block = 4;
constexpr int round_to_block(int size) {
  return (size + lane_block - 1) / lane_block * lane_block;
}

/// Cholesky elimination of the first n_eliminated unknowns of a symmetric front (lower triangle,
/// column-major, `size` x `size`, both numbers a multiple of lane_block): leaves
/// the Schur complement in the trailing part and the factor before it.
void eliminate_lanes(Lane* front, int size, int n_eliminated);

}  // namespace memspice::crossbar
