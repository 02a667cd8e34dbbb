#include "crossbar/lines.hpp"

#include <cmath>
#include <limits>

namespace memspice::crossbar {

Lines::Lines(int n_nodes,
             double R_wire,
             const std::vector<double>& R_first,
             const std::vector<double>& R_last)
    : shape_{static_cast<int>(R_first.size()), n_nodes}, g_(R_wire > 0.0 ? 1.0 / R_wire : 0.0) {
  for (const double R : R_first) g_first_.push_back(1.0 / R);
  for (const double R : R_last) g_last_.push_back(1.0 / R);
}

bool Lines::factorize(const double* D) {
  return is_ideal() ? factorize_ideal(D) : factorize_wired(D);
}

bool Lines::factorize_wired(const double* D) {
  const auto n = static_cast<std::size_t>(shape_.n_lines);
  inverse_pivot_.resize(n * static_cast<std::size_t>(shape_.n_nodes));
  std::vector<double> held = g_first_;  // what a node sees to its left, without cancellation
  double smallest = 1.0;
  for (int k = 0; k < shape_.n_nodes; ++k) {
    const std::size_t row = static_cast<std::size_t>(k) * n;
    const bool last = k + 1 == shape_.n_nodes;
    for (std::size_t l = 0; l < n; ++l) {
      const double here = held[l] + D[row + l];
      const double pivot = here + (last ? g_last_[l] : g_);
      inverse_pivot_[row + l] = 1.0 / pivot;
      smallest = pivot > 0.0 ? smallest : 0.0;
      held[l] = g_ * here / pivot;
    }
  }
  return smallest > 0.0;
}

bool Lines::factorize_ideal(const double* D) {
  const auto n = static_cast<std::size_t>(shape_.n_lines);
  inverse_pivot_.resize(n);
  bool positive = true;
  for (std::size_t l = 0; l < n; ++l) {
    double total = g_first_[l] + g_last_[l];
    for (int k = 0; k < shape_.n_nodes; ++k) total += D[static_cast<std::size_t>(k) * n + l];
    inverse_pivot_[l] = 1.0 / total;  // 0 for a line that is held
    positive = positive && total > 0.0;
  }
  return positive;
}

void Lines::solve(double* x) const {
  if (!is_ideal()) return sweep_lines(shape_, g_, inverse_pivot_.data(), x);
  const int n = shape_.n_lines;
  for (int l = 0; l < n; ++l) {
    double total = 0.0;
    for (int k = 0; k < shape_.n_nodes; ++k) total += x[k * n + l];
    for (int k = 0; k < shape_.n_nodes; ++k) x[k * n + l] = total * inverse_pivot_[l];
  }
}

void Lines::add_wire_currents(const double* u, double* excess) const {
  const int n = shape_.n_lines;
  const int last = (shape_.n_nodes - 1) * n;
  for (int l = 0; l < n; ++l) {
    if (std::isfinite(g_first_[l])) excess[l] += g_first_[l] * u[l];
    if (std::isfinite(g_last_[l])) excess[last + l] += g_last_[l] * u[last + l];
  }
  if (is_ideal()) return;
  for (int k = n; k < size(); ++k) {
    const double I = g_ * (u[k] - u[k - n]);
    excess[k] += I;
    excess[k - n] -= I;
  }
}

double Lines::squared_norm(const double* excess) const {
  if (!is_ideal()) return dot(size(), excess, excess);
  const int n = shape_.n_lines;
  double sum = 0.0;
  for (int l = 0; l < n; ++l) {
    if (std::isinf(g_first_[l]) || std::isinf(g_last_[l])) continue;
    double total = 0.0;
    for (int k = 0; k < shape_.n_nodes; ++k) total += excess[k * n + l];
    sum += total * total;
  }
  return sum;
}

double Lines::squared_rounding(const double* u) const {
  constexpr double epsilon = std::numeric_limits<double>::epsilon();
  if (is_ideal()) return 0.0;
  return 4.0 * g_ * g_ * epsilon * epsilon * dot(size(), u, u);
}

}  // namespace memspice::crossbar
