#pragma once
// An array whose bit lines stand at voltages of their own: half-selected reads and writes.

#include "crossbar/cell_law.hpp"

namespace memspice::crossbar {

/// One operating point of a biased array.
struct BiasedOperation {
  Eigen::MatrixXd cell_current;      ///< n_word_lines x n_bit_lines, word line to bit line [A]
  Eigen::VectorXd bit_line_current;  ///< leaving each bit line into its source [A]
  Summary summary;
};

/// Word lines at V_word [V] behind their drivers, bit lines at V_bit [V] behind their senses; lines
/// whose driver or sense is infinite float. Newton over sparse Cholesky, tolerance 1e-12. Throws
/// InputError when a size does not fit.
BiasedOperation solve_biased(const Eigen::MatrixXd& G,
                             const CellLaw& law,
                             const Wiring& wiring,
                             const Eigen::VectorXd& V_word,
                             const Eigen::VectorXd& V_bit);

}  // namespace memspice::crossbar
