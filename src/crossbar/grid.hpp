#pragma once
// An array as a grid of conductances with drivers on the left and senses at the top, and how it is
// cut: what the two phases of the nested dissection share.

#include <Eigen/Core>
#include <vector>

#include "crossbar/array.hpp"

namespace memspice::crossbar {

/// Conductances [S] of an array with R_row, R_column > 0, turned so that each word line has its
/// (first) driver at the left and each bit line its (first) sense at the top.
struct Grid {
  Eigen::MatrixXd G;  ///< cells, n_word_lines x n_bit_lines
  double g_row = 0.0;
  double g_column = 0.0;
  std::vector<double> g_left, g_right;  ///< drivers; 0: none
  std::vector<double> g_top, g_bottom;  ///< senses; 0: none
  bool word_lines_turned = false;       ///< bit lines are numbered from the right
  bool bit_lines_turned = false;        ///< word lines are numbered from the bottom
  bool driven_right = false;            ///< any g_right > 0
  bool sensed_bottom = false;           ///< any g_bottom > 0
};

/// Lines that nothing holds, through wires and cells, are given a terminal of their own: they
/// carry no current, and it keeps the elimination regular.
Grid make_grid(const Array& array, const Eigen::MatrixXd& G);

/// A rectangle of cells.
struct Region {
  int i = 0, j = 0;  ///< first word line and bit line
  int p = 0, q = 0;  ///< word lines and bit lines
};

/// The two halves of a region, across its longer direction; `stacked`: one above the other.
struct Halves {
  Region first, second;
  bool stacked = false;
};
Halves halve_word_lines(const Region& region);
Halves halve_bit_lines(const Region& region);

}  // namespace memspice::crossbar
