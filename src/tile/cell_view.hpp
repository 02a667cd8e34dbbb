#pragma once
// What each cell of an array sees and carries while the array is read: what a person looks at to
// find out where a tile loses its signal.

#include "tile/array.hpp"

namespace memspice::tile {

/// All n_word_lines x n_bit_lines, as cells lie in the array.
struct CellView {
  Eigen::MatrixXd G;  ///< of memristors [S]
  /// At each crossing [V]; of separate source lines those stand in the place of the word lines.
  Eigen::MatrixXd word_line_voltage = {}, bit_line_voltage = {};
  /// Of the voltage that drives a cell's line, what drivers, wires and senses keep from it [V].
  Eigen::MatrixXd lost = {};
  Eigen::MatrixXd current = {};  ///< of each cell [A]
};

/// G: the plan's [S]; V: one vector of its inputs [V]; of inputs in pulses the pulse that drives
/// most lines. Throws RunError where no solution is found.
CellView view_cells(const Array& array, const Eigen::MatrixXd& G, const Eigen::VectorXd& V);

/// The same as ngspice solves the whole circuit at once, cells' currents from its node voltages.
/// Throws RunError where ngspice fails.
CellView view_cells_in_spice(const Array& array,
                             const Eigen::MatrixXd& G,
                             const Eigen::VectorXd& V,
                             engine::Engine& engine);

/// Ohmic or sinh cells whose nodes somebody has solved: V drives the word lines [V].
CellView view_solved(const Eigen::MatrixXd& G,
                     double alpha,
                     const Eigen::VectorXd& V,
                     const Eigen::MatrixXd& word_line_voltage,
                     const Eigen::MatrixXd& bit_line_voltage);

}  // namespace memspice::tile
