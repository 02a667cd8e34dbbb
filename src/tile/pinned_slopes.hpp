#pragma once
// The cells' incremental conductances for Newton's correction.

#include <Eigen/Core>

#include "tile/pinned_solver.hpp"

namespace memspice::tile {

/// dI/dv of each cell [S], n_word_lines x n_bit_lines, by the problem's law at pin voltages x [V].
/// 0 for cells that are not there and for rows whose gate is not on at this point.
Eigen::MatrixXd slopes_by_law(const PinnedProblem& problem,
                              const Eigen::VectorXd& x,
                              Eigen::Index point);

/// The same from two evaluations, F and `raised` [A], between which all word-line nodes rose by
/// `step` [V]: the change of the current into a bit-line node is its cell's; where crossings share
/// the node, it is parted as the cells' conductances are.
Eigen::MatrixXd slopes_by_difference(const PinnedProblem& problem,
                                     const Eigen::VectorXd& F,
                                     const Eigen::VectorXd& raised,
                                     double step);

}  // namespace memspice::tile
