#pragma once
// Small dense fronts, one per SIMD lane: the same elimination runs on 8 sub-arrays (16 in single
// precision) at once, so that fronts far too small for BLAS run at full vector width.

#include <cstddef>

namespace memspice::crossbar {

/// One number of each of the sub-arrays that are processed side by side.
template <class Scalar>
struct alignas(64) Lane {
  static constexpr int width = 64 / static_cast<int>(sizeof(Scalar));
  Scalar value[width];

  static Lane all(Scalar scalar) {
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
  friend Lane operator*(Lane a, const Lane& b) {
    for (int l = 0; l < width; ++l) a.value[l] *= b.value[l];
    return a;
  }
  friend Lane operator/(Lane a, const Lane& b) {
    for (int l = 0; l < width; ++l) a.value[l] /= b.value[l];
    return a;
  }
  friend Lane operator+(Lane a, const Lane& b) { return a += b; }
  friend Lane operator-(Lane a, const Lane& b) { return a -= b; }
  Lane operator-() const { return all(Scalar(0)) - *this; }
};

/// Rows and columns of a lane front come in blocks of this many.
constexpr int lane_block = 4;
constexpr int round_to_block(int size) {
  return (size + lane_block - 1) / lane_block * lane_block;
}

/// Cholesky elimination of the first n_eliminated unknowns of a symmetric front (lower triangle,
/// column-major, `size` x `size`, both numbers a multiple of lane_block): leaves
/// the Schur complement in the trailing part and the factor before it.
void eliminate_lanes(Lane<double>* front, int size, int n_eliminated);
void eliminate_lanes(Lane<float>* front, int size, int n_eliminated);

/// to[k] <- to[k] + from[k].
void add_numbers(const Lane<double>* from, Lane<double>* to, int count);
void add_numbers(const Lane<float>* from, Lane<float>* to, int count);

}  // namespace memspice::crossbar
