// Without errno, a loop of square roots is one instruction per vector.
#pragma GCC optimize("no-math-errno")

#include "crossbar/lane.hpp"

#include <algorithm>

#ifdef __SANITIZE_THREAD__
#define MEMSPICE_HOT  // what chooses among clones would run before the sanitizer has started
#else
#define MEMSPICE_HOT __attribute__((target_clones("avx512f", "avx2,fma", "default")))
#endif
#define MEMSPICE_INLINE inline __attribute__((always_inline))

namespace memspice::crossbar {
namespace {

typedef double Vector __attribute__((vector_size(64), may_alias));

/// block = front(rows r.., columns c..) - sum over k < depth of P(r.., k) P(c.., k)^T.
MEMSPICE_INLINE void update_block(
    const Vector* front, int size, int r, int c, int depth, Vector (&block)[4][4]) {
  for (int b = 0; b < 4; ++b) {
    for (int a = 0; a < 4; ++a) block[b][a] = front[(c + b) * size + r + a];
  }
  const Vector* rows = front + r;
  const Vector* columns = front + c;
  for (int k = 0; k < depth; ++k, rows += size, columns += size) {
    const Vector a0 = rows[0];
    const Vector a1 = rows[1];
    const Vector a2 = rows[2];
    const Vector a3 = rows[3];
#pragma GCC unroll 4
    for (int b = 0; b < 4; ++b) {
      const Vector v = columns[b];
      block[b][0] -= a0 * v;
      block[b][1] -= a1 * v;
      block[b][2] -= a2 * v;
      block[b][3] -= a3 * v;
    }
  }
}

/// Cholesky factor of a 4 x 4 block; its diagonal holds the reciprocals of the factor's.
MEMSPICE_INLINE void factor_block(Vector (&block)[4][4]) {
  for (int c = 0; c < 4; ++c) {
    for (int k = 0; k < c; ++k) {
      for (int r = c; r < 4; ++r) block[c][r] -= block[k][r] * block[k][c];
    }
    Vector root = block[c][c];
    for (int l = 0; l < Lane::width; ++l) {
      root[l] = __builtin_sqrt(root[l]);
    }
    const Vector inverse = 1.0 / root;
    block[c][c] = inverse;
    for (int r = c + 1; r < 4; ++r) block[c][r] *= inverse;
  }
}

/// block <- block L^-T for the factored diagonal block L at (c, c).
MEMSPICE_INLINE void solve_block(const Vector* front, int size, int c, Vector (&block)[4][4]) {
  for (int b = 0; b < 4; ++b) {
    const Vector* L = front + (c + b) * size + c;
    for (int a = 0; a < 4; ++a) block[b][a] *= L[b];
    for (int later = b + 1; later < 4; ++later) {
      for (int a = 0; a < 4; ++a) block[later][a] -= block[b][a] * L[later];
    }
  }
}

MEMSPICE_INLINE void eliminate(Lane* data, int size, int n_eliminated) {
  auto* front = reinterpret_cast<Vector*>(data);
  for (int c = 0; c < size; c += 4) {
    const int depth = std::min(c, n_eliminated);
    for (int r = c; r < size; r += 4) {
      Vector block[4][4];
      update_block(front, size, r, c, depth, block);
      if (c < n_eliminated && r == c) factor_block(block);
      if (c < n_eliminated && r > c) solve_block(front, size, c, block);
      for (int b = 0; b < 4; ++b) {
        for (int a = 0; a < 4; ++a) front[(c + b) * size + r + a] = block[b][a];
      }
    }
  }
}

}  // namespace

MEMSPICE_HOT void eliminate_lanes(Lane* front, int size, int n_eliminated) {
  eliminate(front, size, n_eliminated);
}

MEMSPICE_HOT void add_numbers(const Lane* from, Lane* to, int count) {
  const auto* source = reinterpret_cast<const Vector*>(from);
  auto* sum = reinterpret_cast<Vector*>(to);
  for (int k = 0; k < count; ++k) sum[k] += source[k];
}

}  // namespace memspice::crossbar
