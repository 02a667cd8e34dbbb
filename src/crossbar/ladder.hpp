#pragma once
// The exact response of arrays whose wires are ideal in one direction or in both: each such line
// is one node, and what remains is one small dense system.

#include "crossbar/array.hpp"

namespace memspice::crossbar {

/// Whether `ideal_wire_response` takes the array: a wire resistance of 0, every line held.
bool has_ideal_wire(const Array& array);

/// G_eff [S], n_word_lines x n_bit_lines.
Eigen::MatrixXd ideal_wire_response(const Array& array, const Eigen::MatrixXd& G);

}  // namespace memspice::crossbar
