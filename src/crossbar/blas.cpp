#include "crossbar/blas.hpp"

#include <cblas.h>

// cblas.h has no Cholesky factor: LAPACK's Fortran interface, as every implementation has it.
extern "C" {
void dpotrf_(const char*, const int*, double*, const int*, int*);
}

namespace memspice::crossbar {

bool factor_cholesky(int n, double* matrix, int stride) {
  int info = 0;
  dpotrf_("L", &n, matrix, &stride, &info);
  return info == 0;
}

void solve_right(int rows, int n, const double* L, double* X, int stride) {
  cblas_dtrsm(CblasColMajor,
              CblasRight,
              CblasLower,
              CblasTrans,
              CblasNonUnit,
              rows,
              n,
              1.0,
              L,
              stride,
              X,
              stride);
}

void subtract_square(int rows, int depth, const double* X, double* C, int stride) {
  cblas_dsyrk(
      CblasColMajor, CblasLower, CblasNoTrans, rows, depth, -1.0, X, stride, 1.0, C, stride);
}

void subtract_product(
    const ProductShape& s, const double* X, const double* Y, double* C, int stride) {
  cblas_dgemm(CblasColMajor,
              CblasNoTrans,
              CblasTrans,
              s.rows,
              s.columns,
              s.depth,
              -1.0,
              X,
              stride,
              Y,
              stride,
              1.0,
              C,
              stride);
}

}  // namespace memspice::crossbar
