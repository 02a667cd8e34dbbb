#include "crossbar/line_solver.hpp"

#include <algorithm>
#include <cmath>

namespace memspice::crossbar {

LineSolver::LineSolver(const Array& array)
    : word_(static_cast<int>(array.n_bit_lines), array.R_row, array.R_left, array.R_right),
      bit_(static_cast<int>(array.n_word_lines), array.R_column, array.R_top, array.R_bottom) {
  const auto size = static_cast<std::size_t>(word_.size());
  for (auto* vector : {&D_word_, &D_bit_, &r_, &z_, &p_, &w_, &across_}) vector->resize(size);
}

void LineSolver::to_bit_layout(const double* word, double* bit) const {
  transpose(word_.shape(), word, bit);
}

void LineSolver::to_word_layout(const double* bit, double* word) const {
  transpose(bit_.shape(), bit, word);
}

bool LineSolver::factorize(const double* D) {
  std::copy(D, D + word_.size(), D_word_.begin());
  to_bit_layout(D, D_bit_.data());
  return word_.factorize(D_word_.data()) && bit_.factorize(D_bit_.data());
}

void LineSolver::reduce_right_side(const Offsets& excess) {
  // r = b + D T_r^-1 a
  across_ = excess.word;
  word_.solve(across_.data());
  transpose_product(word_.shape(), across_.data(), D_word_.data(), r_.data());
  add_scaled(word_.size(), 1.0, excess.bit.data(), r_.data());
}

bool LineSolver::is_slow(double energy_ratio, double reduction, int most) const {
  // The energy is the square of the norm that `reduction` is about.
  constexpr int first_look = 50;
  if (iterations_ < first_look) return false;
  const double gained = -0.5 * std::log(energy_ratio);
  return gained * most < -std::log(reduction) * iterations_;
}

bool LineSolver::iterate(double reduction, int most, std::vector<double>& c) {
  const int size = word_.size();
  std::fill(c.begin(), c.end(), 0.0);
  std::fill(p_.begin(), p_.end(), 0.0);
  std::fill(w_.begin(), w_.end(), 0.0);
  double before = 1.0;
  double start = 0.0;
  for (iterations_ = 0;; ++iterations_) {
    z_ = r_;
    bit_.solve(z_.data());
    const double energy = dot(size, r_.data(), z_.data());
    if (iterations_ == 0) start = energy;
    if (!(energy > reduction * reduction * start)) return std::isfinite(energy);
    if (iterations_ == most || is_slow(energy / start, reduction, most)) return false;
    // w is T_c p: T_c z = r makes it follow p's recurrence without another product.
    const double beta = iterations_ == 0 ? 0.0 : energy / before;
    advance_directions(size, beta, z_.data(), r_.data(), {p_.data(), w_.data()});
    transpose_product(bit_.shape(), p_.data(), D_bit_.data(), across_.data());
    word_.solve(across_.data());
    // z has done its work and takes S p.
    transpose(word_.shape(), across_.data(), z_.data());
    subtract_scaled(size, w_.data(), D_bit_.data(), z_.data(), z_.data());
    const double curvature = dot(size, p_.data(), z_.data());
    if (!(curvature > 0.0)) return false;
    const double step = energy / curvature;
    add_scaled(size, step, p_.data(), c.data());
    add_scaled(size, -step, z_.data(), r_.data());
    before = energy;
  }
}

bool LineSolver::solve(const Offsets& excess, double reduction, int most, Offsets& x) {
  reduce_right_side(excess);
  x.word.resize(D_word_.size());
  x.bit.resize(D_bit_.size());
  const bool reached = iterate(reduction, most, x.bit);
  // u = T_r^-1 (a + D c)
  transpose_product(bit_.shape(), x.bit.data(), D_bit_.data(), x.word.data());
  add_scaled(word_.size(), 1.0, excess.word.data(), x.word.data());
  word_.solve(x.word.data());
  return reached;
}

}  // namespace memspice::crossbar
