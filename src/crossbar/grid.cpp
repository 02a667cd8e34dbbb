#include "crossbar/grid.hpp"

#include <algorithm>

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

}  // namespace

Grid make_grid(const Array& given, const Eigen::MatrixXd& G) {
  const Array array = hold_floating_lines(given, G);
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
