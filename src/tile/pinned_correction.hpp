#pragma once
// Newton's correction of node voltages from a residual that ngspice evaluated.

#include <Eigen/Core>
#include <memory>

#include "tile/pinned_solver.hpp"

namespace memspice::tile {

class Correction {
 public:
  virtual ~Correction() = default;

  /// Moves the nodes of `x` [V] by -J^-1 F. F: what leaves each pin [A]; slope: dI/dv of the cells,
  /// n_word_lines x n_bit_lines [S]; `reduction`: how far the linear residual must fall. False when
  /// the linear system could not be solved.
  virtual bool apply(const Eigen::VectorXd& F,
                     const Eigen::MatrixXd& slope,
                     double reduction,
                     Eigen::Ref<Eigen::VectorXd> x) = 0;
};

/// Line-implicit conjugate gradients for ordinary arrays, sparse factorisation for source lines
/// along the bit lines. `problem` must outlive it.
std::unique_ptr<Correction> make_correction(const PinnedProblem& problem);

}  // namespace memspice::tile
