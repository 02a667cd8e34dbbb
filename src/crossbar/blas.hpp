#pragma once
// The four BLAS and LAPACK calls of the dense fronts; matrices column-major, lower triangles.

namespace memspice::crossbar {

/// Cholesky factor of the n x n matrix in place; false when it is not positive definite.
bool factor_cholesky(int n, double* matrix, int stride);

/// X <- X L^-T for the n x n factor L; X: rows x n.
void solve_right(int rows, int n, const double* L, double* X, int stride);

/// C <- C - X X^T, lower triangle; X: rows x depth.
void subtract_square(int rows, int depth, const double* X, double* C, int stride);

/// A product's sizes: C is rows x columns, the sum runs over depth.
struct ProductShape {
  int rows, columns, depth;
};

/// C <- C - X Y^T; X: rows x depth, Y: columns x depth; one stride for all.
void subtract_product(
    const ProductShape& shape, const double* X, const double* Y, double* C, int stride);

}  // namespace memspice::crossbar
