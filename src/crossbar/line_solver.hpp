#pragma once
// Conjugate gradients on the bit-line nodes, with whole lines solved at once.
//
//   [ T_r  -D ] [u]   [a]        u: word-line nodes, c: bit-line nodes, D = diag(dI/dv of cells)
//   [ -D  T_c ] [c] = [b]        T_r, T_c: wires, terminals and D, tridiagonal along the lines
//
// Eliminating u leaves S = T_c - D T_r^-1 D, symmetric and positive definite; it is preconditioned
// by T_c. An iteration costs one sweep along all word lines and one along all bit lines.

#include <vector>

#include "crossbar/array.hpp"
#include "crossbar/lines.hpp"

namespace memspice::crossbar {

/// Numbers per cell in the two layouts of a sweep: `word` column-major (n_word_lines numbers per
/// bit line), `bit` row-major.
struct Offsets {
  std::vector<double> word, bit;
};

class LineSolver {
 public:
  /// `array` must have no floating lines (hold_floating_lines).
  explicit LineSolver(const Array& array);

  Eigen::Index n_cells() const { return word_.size(); }
  const Lines& word_lines() const { return word_; }
  const Lines& bit_lines() const { return bit_; }

  /// D [S], column-major; false when T_r or T_c is not positive definite.
  bool factorize(const double* D);

  /// Solves for right-hand side `excess` (a, b) into `x` to a relative reduction of the residual in
  /// the preconditioner's norm; false when `most` iterations are, or will be, too few.
  bool solve(const Offsets& excess, double reduction, int most, Offsets& x);

  /// Iterations of the last solve.
  int iterations() const { return iterations_; }

  /// Between the two layouts.
  void to_bit_layout(const double* word, double* bit) const;
  void to_word_layout(const double* bit, double* word) const;

 private:
  void reduce_right_side(const Offsets& excess);
  /// Whether, at the rate so far, `most` iterations will not be enough.
  bool is_slow(double energy_ratio, double reduction, int most) const;
  bool iterate(double reduction, int most, std::vector<double>& c);

  Lines word_;
  Lines bit_;
  std::vector<double> D_word_, D_bit_;
  std::vector<double> r_, z_, p_, w_, across_;
  int iterations_ = 0;
};

}  // namespace memspice::crossbar
