#include "crossbar/blas.hpp"

// The Fortran interface of BLAS and LAPACK, as every implementation has it.
extern "C" {
void dpotrf_(const char*, const int*, double*, const int*, int*);
void spotrf_(const char*, const int*, float*, const int*, int*);
void dtrsm_(const char*,
            const char*,
            const char*,
            const char*,
            const int*,
            const int*,
            const double*,
            const double*,
            const int*,
            double*,
            const int*);
void strsm_(const char*,
            const char*,
            const char*,
            const char*,
            const int*,
            const int*,
            const float*,
            const float*,
            const int*,
            float*,
            const int*);
void dsyrk_(const char*,
            const char*,
            const int*,
            const int*,
            const double*,
            const double*,
            const int*,
            const double*,
            double*,
            const int*);
void ssyrk_(const char*,
            const char*,
            const int*,
            const int*,
            const float*,
            const float*,
            const int*,
            const float*,
            float*,
            const int*);
void dgemm_(const char*,
            const char*,
            const int*,
            const int*,
            const int*,
            const double*,
            const double*,
            const int*,
            const double*,
            const int*,
            const double*,
            double*,
            const int*);
void sgemm_(const char*,
            const char*,
            const int*,
            const int*,
            const int*,
            const float*,
            const float*,
            const int*,
            const float*,
            const int*,
            const float*,
            float*,
            const int*);
}

namespace memspice::crossbar {
namespace {

template <class Scalar>
constexpr Scalar one = Scalar(1);
template <class Scalar>
constexpr Scalar minus_one = Scalar(-1);

}  // namespace

bool factor_cholesky(int n, double* matrix, int stride) {
  int info = 0;
  dpotrf_("L", &n, matrix, &stride, &info);
  return info == 0;
}

bool factor_cholesky(int n, float* matrix, int stride) {
  int info = 0;
  spotrf_("L", &n, matrix, &stride, &info);
  return info == 0;
}

void solve_right(int rows, int n, const double* L, double* X, int stride) {
  dtrsm_("R", "L", "T", "N", &rows, &n, &one<double>, L, &stride, X, &stride);
}

void solve_right(int rows, int n, const float* L, float* X, int stride) {
  strsm_("R", "L", "T", "N", &rows, &n, &one<float>, L, &stride, X, &stride);
}

void subtract_square(int rows, int depth, const double* X, double* C, int stride) {
  dsyrk_("L", "N", &rows, &depth, &minus_one<double>, X, &stride, &one<double>, C, &stride);
}

void subtract_square(int rows, int depth, const float* X, float* C, int stride) {
  ssyrk_("L", "N", &rows, &depth, &minus_one<float>, X, &stride, &one<float>, C, &stride);
}

void subtract_product(
    const ProductShape& s, const double* X, const double* Y, double* C, int stride) {
  dgemm_("N",
         "T",
         &s.rows,
         &s.columns,
         &s.depth,
         &minus_one<double>,
         X,
         &stride,
         Y,
         &stride,
         &one<double>,
         C,
         &stride);
}

void subtract_product(const ProductShape& s, const float* X, const float* Y, float* C, int stride) {
  sgemm_("N",
         "T",
         &s.rows,
         &s.columns,
         &s.depth,
         &minus_one<float>,
         X,
         &stride,
         Y,
         &stride,
         &one<float>,
         C,
         &stride);
}

}  // namespace memspice::crossbar
