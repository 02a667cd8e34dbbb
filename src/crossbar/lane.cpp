#include "crossbar/lane.hpp"

#include <algorithm>

// The kernels below are compiled once for each instruction set, by including this file again.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "crossbar/lane.cpp"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace memspice::crossbar {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// As many lanes as one register takes; the others follow, half a Lane or less at a time.
constexpr hn::CappedTag<double, Lane::width> vector_tag;
using Vector = hn::Vec<decltype(vector_tag)>;
constexpr int lanes_together = HWY_MIN(Lane::width, HWY_MAX_BYTES / int{sizeof(double)});

/// Columns of a block that are summed at once: with 4 rows, all the registers that there are.
constexpr int columns_together = HWY_MAX_BYTES >= 64 ? 4 : 2;

HWY_INLINE Vector load(const Lane* from, int lane) {
  return hn::Load(vector_tag, from->value + lane);
}

HWY_INLINE void store(Vector vector, Lane* to, int lane) {
  hn::Store(vector, vector_tag, to->value + lane);
}

/// Some lanes of a front, column-major.
struct View {
  Lane* front;
  int size;
  int lane;  ///< the first

  Lane* at(int row, int column) const {
    return front + static_cast<std::ptrdiff_t>(column) * size + row;
  }
  HWY_INLINE Vector get(int row, int column) const { return load(at(row, column), lane); }
};

/// block = front(rows r.., columns c..) - sum over k < depth of P(r.., k) P(c.., k)^T.
HWY_INLINE void update_block(const View& view, int r, int c, int depth, Vector (&block)[4][4]) {
  for (int first = 0; first < 4; first += columns_together) {
    Vector sum[columns_together][4];
    for (int b = 0; b < columns_together; ++b) {
      for (int a = 0; a < 4; ++a) sum[b][a] = view.get(r + a, c + first + b);
    }
    const Lane* rows = view.front + r;
    const Lane* columns = view.front + c + first;
    for (int k = 0; k < depth; ++k, rows += view.size, columns += view.size) {
      const Vector a0 = load(rows, view.lane);
      const Vector a1 = load(rows + 1, view.lane);
      const Vector a2 = load(rows + 2, view.lane);
      const Vector a3 = load(rows + 3, view.lane);
#pragma GCC unroll 4
      for (int b = 0; b < columns_together; ++b) {
        const Vector v = load(columns + b, view.lane);
        sum[b][0] = hn::NegMulAdd(a0, v, sum[b][0]);
        sum[b][1] = hn::NegMulAdd(a1, v, sum[b][1]);
        sum[b][2] = hn::NegMulAdd(a2, v, sum[b][2]);
        sum[b][3] = hn::NegMulAdd(a3, v, sum[b][3]);
      }
    }
    for (int b = 0; b < columns_together; ++b) {
      for (int a = 0; a < 4; ++a) block[first + b][a] = sum[b][a];
    }
  }
}

/// Cholesky factor of a 4 x 4 block; its diagonal holds the reciprocals of the factor's.
HWY_INLINE void factor_block(Vector (&block)[4][4]) {
  for (int c = 0; c < 4; ++c) {
    for (int k = 0; k < c; ++k) {
      for (int r = c; r < 4; ++r) {
        block[c][r] = hn::NegMulAdd(block[k][r], block[k][c], block[c][r]);
      }
    }
    const Vector inverse = hn::Div(hn::Set(vector_tag, 1.0), hn::Sqrt(block[c][c]));
    block[c][c] = inverse;
    for (int r = c + 1; r < 4; ++r) block[c][r] = hn::Mul(block[c][r], inverse);
  }
}

/// block <- block L^-T for the factored diagonal block L at (c, c).
HWY_INLINE void solve_block(const View& view, int c, Vector (&block)[4][4]) {
  for (int b = 0; b < 4; ++b) {
    const Vector inverse = view.get(c + b, c + b);
    for (int a = 0; a < 4; ++a) block[b][a] = hn::Mul(block[b][a], inverse);
    for (int later = b + 1; later < 4; ++later) {
      const Vector L = view.get(c + later, c + b);
      for (int a = 0; a < 4; ++a) {
        block[later][a] = hn::NegMulAdd(block[b][a], L, block[later][a]);
      }
    }
  }
}

HWY_INLINE void eliminate_block(const View& view, int r, int c, int n_eliminated) {
  Vector block[4][4];
  update_block(view, r, c, std::min(c, n_eliminated), block);
  if (c < n_eliminated && r == c) factor_block(block);
  if (c < n_eliminated && r > c) solve_block(view, c, block);
  for (int b = 0; b < 4; ++b) {
    for (int a = 0; a < 4; ++a) store(block[b][a], view.at(r + a, c + b), view.lane);
  }
}

HWY_ATTR void eliminate(Lane* front, int size, int n_eliminated) {
  for (int c = 0; c < size; c += 4) {
    for (int r = c; r < size; r += 4) {
      for (int lane = 0; lane < Lane::width; lane += lanes_together) {
        eliminate_block({front, size, lane}, r, c, n_eliminated);
      }
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace memspice::crossbar
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace memspice::crossbar {

HWY_EXPORT(eliminate);

void eliminate_lanes(Lane* front, int size, int n_eliminated) {
  HWY_DYNAMIC_DISPATCH(eliminate)(front, size, n_eliminated);
}

}  // namespace memspice::crossbar
#endif
