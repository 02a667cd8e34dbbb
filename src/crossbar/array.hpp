#pragma once
// An array's wires and terminals with every option resolved to one number per line, so that the
// solvers know nothing of sides, defaults and per-line values.

#include <Eigen/Core>
#include <vector>

#include "crossbar/crossbar.hpp"

namespace memspice::crossbar {

/// Resistances of an n_word_lines x n_bit_lines array [Ohm]; infinity: not connected.
struct Array {
  Eigen::Index n_word_lines = 0;
  Eigen::Index n_bit_lines = 0;
  double R_row = 0.0;     ///< between neighbouring cells of a word line
  double R_column = 0.0;  ///< between neighbouring cells of a bit line
  /// From the source to the first and to the last cell of each word line.
  std::vector<double> R_left, R_right;
  /// From virtual ground to the first and to the last cell of each bit line.
  std::vector<double> R_top, R_bottom;

  bool is_driven(Eigen::Index i) const;
  bool is_sensed(Eigen::Index j) const;
};

/// Throws InputError when a per-line list does not have one value per line.
Array resolve_array(Eigen::Index n_word_lines, Eigen::Index n_bit_lines, const Wiring& wiring);

/// The same array with a terminal of 1 Ohm at each line that nothing holds, through wires and cells
/// of G > 0. Such lines carry no current with it or without, and every equation becomes regular.
Array hold_floating_lines(Array array, const Eigen::MatrixXd& G);

/// Throws InputError when G is empty, negative, not finite, or its largest entry not solvable.
void validate_conductances(const Eigen::MatrixXd& G);

/// Throws InputError unless V is n_word_lines x n_vectors, finite, each vector 0 or solvable.
void validate_inputs(const Eigen::MatrixXd& V, Eigen::Index n_word_lines);

/// V with the rows of undriven word lines set to 0 [V]: what stands there drives nothing.
Eigen::MatrixXd effective_inputs(const Array& array, const Eigen::MatrixXd& V);

}  // namespace memspice::crossbar
