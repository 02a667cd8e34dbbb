// Which lines of an array nothing holds.

#include <numeric>

#include "crossbar/array.hpp"

namespace memspice::crossbar {
namespace {

/// Connected groups of lines: word line i is element i, bit line j element n_word_lines + j.
class LineGroups {
 public:
  explicit LineGroups(std::size_t n_lines) : parent_(n_lines), held_(n_lines, 0) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
  }
  std::size_t root(std::size_t k) {
    while (parent_[k] != k) k = parent_[k] = parent_[parent_[k]];
    return k;
  }
  void join(std::size_t a, std::size_t b) {
    const std::size_t kept = root(a);
    const std::size_t merged = root(b);
    held_[kept] = static_cast<char>(held_[kept] | held_[merged]);
    parent_[merged] = kept;
  }
  void hold(std::size_t k) { held_[root(k)] = 1; }
  bool is_held(std::size_t k) { return held_[root(k)] != 0; }

 private:
  std::vector<std::size_t> parent_;
  std::vector<char> held_;
};

}  // namespace

Array hold_floating_lines(Array array, const Eigen::MatrixXd& G) {
  const Eigen::Index n = array.n_word_lines;
  const Eigen::Index m = array.n_bit_lines;
  LineGroups groups(static_cast<std::size_t>(n + m));
  bool all_held = true;
  for (Eigen::Index i = 0; i < n; ++i) {
    if (array.is_driven(i)) groups.hold(static_cast<std::size_t>(i));
    all_held = all_held && array.is_driven(i);
  }
  for (Eigen::Index j = 0; j < m; ++j) {
    if (array.is_sensed(j)) groups.hold(static_cast<std::size_t>(n + j));
    all_held = all_held && array.is_sensed(j);
  }
  if (all_held) return array;
  for (Eigen::Index j = 0; j < m; ++j) {
    for (Eigen::Index i = 0; i < n; ++i) {
      if (G(i, j) > 0.0) groups.join(static_cast<std::size_t>(i), static_cast<std::size_t>(n + j));
    }
  }
  for (Eigen::Index i = 0; i < n; ++i) {
    const auto line = static_cast<std::size_t>(i);
    if (!groups.is_held(line)) array.R_left[line] = 1.0;
  }
  for (Eigen::Index j = 0; j < m; ++j) {
    const auto line = static_cast<std::size_t>(j);
    if (!groups.is_held(static_cast<std::size_t>(n) + line)) array.R_top[line] = 1.0;
  }
  return array;
}

}  // namespace memspice::crossbar
