#pragma once
// The loops in which the line-implicit iteration spends its time, compiled for several instruction
// sets. Node k of line l stands at [k * n_lines + l], so that neighbours in memory are the same
// node of neighbouring lines and a sweep along the lines is vectorised across them.

namespace memspice::crossbar {

struct LineShape {
  int n_lines, n_nodes;
};

/// x <- T^-1 x for tridiagonal T with coupling -g, whose reciprocal pivots are given.
void sweep_lines(const LineShape& shape, double g, const double* inverse_pivot, double* x);

/// to = transpose of from; from: n_nodes rows of n_lines numbers.
void transpose(const LineShape& shape, const double* from, double* to);

/// to = transpose of from * factor (elementwise).
void transpose_product(const LineShape& shape,
                       const double* from,
                       const double* factor,
                       double* to);

/// Sum of a[k] * b[k].
double dot(int size, const double* a, const double* b);

/// p <- z + beta p, w <- r + beta w.
struct Directions {
  double* p;
  double* w;
};
void advance_directions(
    int size, double beta, const double* z, const double* r, const Directions& directions);

/// x <- x + a y.
void add_scaled(int size, double a, const double* y, double* x);

/// s <- w - factor * y (elementwise).
void subtract_scaled(int size, const double* w, const double* factor, const double* y, double* s);

}  // namespace memspice::crossbar
