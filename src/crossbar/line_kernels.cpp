#include "crossbar/line_kernels.hpp"

#include <algorithm>

// The loops below are compiled once for each instruction set, by including this file again.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "crossbar/line_kernels.cpp"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace memspice::crossbar {
namespace HWY_NAMESPACE {

void sweep_lines(const LineShape& shape, double g, const double* inverse_pivot, double* x) {
  const int n = shape.n_lines;
  for (int l = 0; l < n; ++l) x[l] *= inverse_pivot[l];
  for (int k = 1; k < shape.n_nodes; ++k) {
    const double* before = x + static_cast<long>(k - 1) * n;
    const double* inverse = inverse_pivot + static_cast<long>(k) * n;
    double* here = x + static_cast<long>(k) * n;
#pragma GCC ivdep
    for (int l = 0; l < n; ++l) here[l] = inverse[l] * (here[l] + g * before[l]);
  }
  for (int k = shape.n_nodes - 2; k >= 0; --k) {
    const double* after = x + static_cast<long>(k + 1) * n;
    const double* inverse = inverse_pivot + static_cast<long>(k) * n;
    double* here = x + static_cast<long>(k) * n;
#pragma GCC ivdep
    for (int l = 0; l < n; ++l) here[l] += g * inverse[l] * after[l];
  }
}

void transpose(const LineShape& shape, const double* from, double* to) {
  constexpr int block = 8;
  const long rows = shape.n_nodes;
  const long columns = shape.n_lines;
  for (long k = 0; k < rows; k += block) {
    const long k_end = std::min(rows, k + block);
    for (long c = 0; c < columns; ++c) {
      for (long r = k; r < k_end; ++r) to[c * rows + r] = from[r * columns + c];
    }
  }
}

void transpose_product(const LineShape& shape,
                       const double* from,
                       const double* factor,
                       double* to) {
  constexpr int block = 8;
  const long rows = shape.n_nodes;
  const long columns = shape.n_lines;
  for (long k = 0; k < rows; k += block) {
    const long k_end = std::min(rows, k + block);
    for (long c = 0; c < columns; ++c) {
      for (long r = k; r < k_end; ++r) {
        to[c * rows + r] = from[r * columns + c] * factor[r * columns + c];
      }
    }
  }
}

double dot(int size, const double* a, const double* b) {
  // Sixteen partial sums: two vector registers, and a sum that does not depend on the processor.
  double partial[16] = {};
  int k = 0;
  for (; k + 16 <= size; k += 16) {
    for (int l = 0; l < 16; ++l) partial[l] += a[k + l] * b[k + l];
  }
  double sum = 0.0;
  for (; k < size; ++k) sum += a[k] * b[k];
  for (const double value : partial) sum += value;
  return sum;
}

void advance_directions(
    int size, double beta, const double* z, const double* r, const Directions& directions) {
  double* p = directions.p;
  double* w = directions.w;
#pragma GCC ivdep
  for (int k = 0; k < size; ++k) {
    p[k] = z[k] + beta * p[k];
    w[k] = r[k] + beta * w[k];
  }
}

void add_scaled(int size, double a, const double* y, double* x) {
#pragma GCC ivdep
  for (int k = 0; k < size; ++k) x[k] += a * y[k];
}

void subtract_scaled(int size, const double* w, const double* factor, const double* y, double* s) {
#pragma GCC ivdep
  for (int k = 0; k < size; ++k) s[k] = w[k] - factor[k] * y[k];
}

}  // namespace HWY_NAMESPACE
}  // namespace memspice::crossbar
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace memspice::crossbar {

HWY_EXPORT(sweep_lines);
HWY_EXPORT(transpose);
HWY_EXPORT(transpose_product);
HWY_EXPORT(dot);
HWY_EXPORT(advance_directions);
HWY_EXPORT(add_scaled);
HWY_EXPORT(subtract_scaled);

void sweep_lines(const LineShape& shape, double g, const double* inverse_pivot, double* x) {
  HWY_DYNAMIC_DISPATCH(sweep_lines)(shape, g, inverse_pivot, x);
}

void transpose(const LineShape& shape, const double* from, double* to) {
  HWY_DYNAMIC_DISPATCH(transpose)(shape, from, to);
}

void transpose_product(const LineShape& shape,
                       const double* from,
                       const double* factor,
                       double* to) {
  HWY_DYNAMIC_DISPATCH(transpose_product)(shape, from, factor, to);
}

double dot(int size, const double* a, const double* b) {
  return HWY_DYNAMIC_DISPATCH(dot)(size, a, b);
}

void advance_directions(
    int size, double beta, const double* z, const double* r, const Directions& directions) {
  HWY_DYNAMIC_DISPATCH(advance_directions)(size, beta, z, r, directions);
}

void add_scaled(int size, double a, const double* y, double* x) {
  HWY_DYNAMIC_DISPATCH(add_scaled)(size, a, y, x);
}

void subtract_scaled(int size, const double* w, const double* factor, const double* y, double* s) {
  HWY_DYNAMIC_DISPATCH(subtract_scaled)(size, w, factor, y, s);
}

}  // namespace memspice::crossbar
#endif
