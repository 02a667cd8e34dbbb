#include "crossbar/grid.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace memspice::crossbar {
namespace {

std::vector<double> inverses(const std::vector<double>& R) {
  std::vector<double> g(R.size());
  std::transform(R.begin(), R.end(), g.begin(), [](double r) { return 1.0 / r; });
  return g;
}

bool any(const std::vector<double>& g) {
  return std::any_of(g.begin(), g.end(), [](double value) { return value > 0.0; });
}

/// Swaps the two ends of all lines when only the second is used.
bool turn(std::vector<double>& first, std::vector<double>& second) {
  if (any(first) || !any(second)) return false;
  first.swap(second);
  return true;
}

/// Connected groups of lines: word line i is element i, bit line j element n + j.
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

void hold_floating_lines(Grid& grid) {
  const std::size_t n = grid.g_left.size();
  const std::size_t m = grid.g_top.size();
  LineGroups groups(n + m);
  bool all_held = true;
  for (std::size_t i = 0; i < n; ++i) {
    const bool held = grid.g_left[i] > 0.0 || grid.g_right[i] > 0.0;
    if (held) groups.hold(i);
    all_held = all_held && held;
  }
  for (std::size_t j = 0; j < m; ++j) {
    const bool held = grid.g_top[j] > 0.0 || grid.g_bottom[j] > 0.0;
    if (held) groups.hold(n + j);
    all_held = all_held && held;
  }
  if (all_held) return;
  for (std::size_t j = 0; j < m; ++j) {
    for (std::size_t i = 0; i < n; ++i) {
      const auto row = static_cast<Eigen::Index>(i);
      if (grid.G(row, static_cast<Eigen::Index>(j)) > 0.0) groups.join(i, n + j);
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (!groups.is_held(i)) grid.g_left[i] = grid.g_row;
  }
  for (std::size_t j = 0; j < m; ++j) {
    if (!groups.is_held(n + j)) grid.g_top[j] = grid.g_column;
  }
}

}  // namespace

Grid make_grid(const Array& array, const Eigen::MatrixXd& G) {
  Grid grid;
  grid.g_row = 1.0 / array.R_row;
  grid.g_column = 1.0 / array.R_column;
  grid.g_left = inverses(array.R_left);
  grid.g_right = inverses(array.R_right);
  grid.g_top = inverses(array.R_top);
  grid.g_bottom = inverses(array.R_bottom);
  grid.word_lines_turned = turn(grid.g_left, grid.g_right);
  grid.bit_lines_turned = turn(grid.g_top, grid.g_bottom);
  grid.G = G;
  if (grid.word_lines_turned) grid.G = grid.G.rowwise().reverse().eval();
  if (grid.bit_lines_turned) grid.G = grid.G.colwise().reverse().eval();
  // Turning one direction renumbers the lines of the other.
  if (grid.bit_lines_turned) {
    std::reverse(grid.g_left.begin(), grid.g_left.end());
    std::reverse(grid.g_right.begin(), grid.g_right.end());
  }
  if (grid.word_lines_turned) {
    std::reverse(grid.g_top.begin(), grid.g_top.end());
    std::reverse(grid.g_bottom.begin(), grid.g_bottom.end());
  }
  hold_floating_lines(grid);
  grid.driven_right = any(grid.g_right);
  grid.sensed_bottom = any(grid.g_bottom);
  return grid;
}

Halves halve_word_lines(const Region& region) {
  Halves halves{region, region, true};
  halves.first.p = (region.p + 1) / 2;
  halves.second.p = region.p - halves.first.p;
  halves.second.i = region.i + halves.first.p;
  return halves;
}

Halves halve_bit_lines(const Region& region) {
  Halves halves{region, region, false};
  halves.first.q = (region.q + 1) / 2;
  halves.second.q = region.q - halves.first.q;
  halves.second.j = region.j + halves.first.q;
  return halves;
}

}  // namespace memspice::crossbar
