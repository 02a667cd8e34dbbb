// Without errno, a loop of square roots is one instruction per vector.
#pragma GCC optimize("no-math-errno")

#include "crossbar/lane.hpp"

#include <algorithm>

#define MEMSPICE_HOT __attribute__((target_clones("avx512f", "avx2,fma", "default")))
#define MEMSPICE_INLINE inline __attribute__((always_inline))

namespace memspice::crossbar {
namespace {

template <class Scalar>
struct VectorOf {
  typedef Scalar Type __attribute__((vector_size(64), may_alias));
};
template <class Scalar>
using Vector = typename VectorOf<Scalar>::Type;

/// block = front(rows r.., columns c..) - sum over k < depth of P(r.., k) P(c.., k)^T.
template <class Scalar>
MEMSPICE_INLINE void update_block(
    const Vector<Scalar>* front, int size, int r, int c, int depth, Vector<Scalar> (&block)[4][4]) {
  for (int b = 0; b < 4; ++b) {
    for (int a = 0; a < 4; ++a) block[b][a] = front[(c + b) * size + r + a];
  }
  const Vector<Scalar>* rows = front + r;
  const Vector<Scalar>* columns = front + c;
  for (int k = 0; k < depth; ++k, rows += size, columns += size) {
    const Vector<Scalar> a0 = rows[0];
    const Vector<Scalar> a1 = rows[1];
    const Vector<Scalar> a2 = rows[2];
    const Vector<Scalar> a3 = rows[3];
#pragma GCC unroll 4
    for (int b = 0; b < 4; ++b) {
      const Vector<Scalar> v = columns[b];
      block[b][0] -= a0 * v;
      block[b][1] -= a1 * v;
      block[b][2] -= a2 * v;
      block[b][3] -= a3 * v;
    }
  }
}

/// Cholesky factor of a 4 x 4 block; its diagonal holds the reciprocals of the factor's.
template <class Scalar>
MEMSPICE_INLINE void factor_block(Vector<Scalar> (&block)[4][4]) {
  for (int c = 0; c < 4; ++c) {
    for (int k = 0; k < c; ++k) {
      for (int r = c; r < 4; ++r) block[c][r] -= block[k][r] * block[k][c];
    }
    Vector<Scalar> root = block[c][c];
    for (int l = 0; l < Lane<Scalar>::width; ++l) {
      if constexpr (sizeof(Scalar) == 8) {
        root[l] = __builtin_sqrt(root[l]);
      } else {
        root[l] = __builtin_sqrtf(root[l]);
      }
    }
    const Vector<Scalar> inverse = Scalar(1) / root;
    block[c][c] = inverse;
    for (int r = c + 1; r < 4; ++r) block[c][r] *= inverse;
  }
}

/// block <- block L^-T for the factored diagonal block L at (c, c).
template <class Scalar>
MEMSPICE_INLINE void solve_block(const Vector<Scalar>* front,
                                 int size,
                                 int c,
                                 Vector<Scalar> (&block)[4][4]) {
  for (int b = 0; b < 4; ++b) {
    const Vector<Scalar>* L = front + (c + b) * size + c;
    for (int a = 0; a < 4; ++a) block[b][a] *= L[b];
    for (int later = b + 1; later < 4; ++later) {
      for (int a = 0; a < 4; ++a) block[later][a] -= block[b][a] * L[later];
    }
  }
}

template <class Scalar>
MEMSPICE_INLINE void eliminate(Lane<Scalar>* data, int size, int n_eliminated) {
  auto* front = reinterpret_cast<Vector<Scalar>*>(data);
  for (int c = 0; c < size; c += 4) {
    const int depth = std::min(c, n_eliminated);
    for (int r = c; r < size; r += 4) {
      Vector<Scalar> block[4][4];
      update_block<Scalar>(front, size, r, c, depth, block);
      if (c < n_eliminated && r == c) factor_block<Scalar>(block);
      if (c < n_eliminated && r > c) solve_block<Scalar>(front, size, c, block);
      for (int b = 0; b < 4; ++b) {
        for (int a = 0; a < 4; ++a) front[(c + b) * size + r + a] = block[b][a];
      }
    }
  }
}

}  // namespace

MEMSPICE_HOT void eliminate_lanes(Lane<double>* front, int size, int n_eliminated) {
  eliminate<double>(front, size, n_eliminated);
}

MEMSPICE_HOT void eliminate_lanes(Lane<float>* front, int size, int n_eliminated) {
  eliminate<float>(front, size, n_eliminated);
}

MEMSPICE_HOT void add_numbers(const Lane<double>* from, Lane<double>* to, int count) {
  const auto* source = reinterpret_cast<const Vector<double>*>(from);
  auto* sum = reinterpret_cast<Vector<double>*>(to);
  for (int k = 0; k < count; ++k) sum[k] += source[k];
}

MEMSPICE_HOT void add_numbers(const Lane<float>* from, Lane<float>* to, int count) {
  const auto* source = reinterpret_cast<const Vector<float>*>(from);
  auto* sum = reinterpret_cast<Vector<float>*>(to);
  for (int k = 0; k < count; ++k) sum[k] += source[k];
}

}  // namespace memspice::crossbar
