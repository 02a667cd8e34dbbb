#include "tile/pinned_slopes.hpp"

#include <algorithm>

namespace memspice::tile {

using synthesis::PinnedTile;

Eigen::MatrixXd slopes_by_law(const PinnedProblem& problem,
                              const Eigen::VectorXd& x,
                              Eigen::Index point) {
  const PinnedTile& tile = problem.tile;
  Eigen::MatrixXd v = Eigen::MatrixXd::Zero(problem.G.rows(), problem.G.cols());
  for (Eigen::Index k = 0; k < v.size(); ++k) {
    if (tile.is_cell(k) != 0) v(k) = x[tile.word_pin(k)] - x[tile.bit_pin(k)];
  }
  Eigen::MatrixXd I(v.rows(), v.cols());
  Eigen::MatrixXd slope(v.rows(), v.cols());
  const auto count = static_cast<std::size_t>(v.size());
  problem.law->evaluate(
      {problem.G.data(), count}, {v.data(), count}, {I.data(), count}, {slope.data(), count});
  for (Eigen::Index i = 0; problem.V_gate.size() > 0 && i < slope.rows(); ++i) {
    if (problem.V_gate(i, point) != problem.gate_on) slope.row(i).setZero();
  }
  for (Eigen::Index k = 0; k < slope.size(); ++k) {
    slope(k) = tile.is_cell(k) == 0 ? 0.0 : std::max(slope(k), 0.0);
  }
  return slope;
}

Eigen::MatrixXd slopes_by_difference(const PinnedProblem& problem,
                                     const Eigen::VectorXd& F,
                                     const Eigen::VectorXd& raised,
                                     double step) {
  const PinnedTile& tile = problem.tile;
  Eigen::VectorXd shared = Eigen::VectorXd::Zero(F.size());
  for (Eigen::Index k = 0; k < problem.G.size(); ++k) {
    if (tile.is_cell(k) != 0) shared[tile.bit_pin(k)] += problem.G(k);
  }
  Eigen::MatrixXd slope = Eigen::MatrixXd::Zero(problem.G.rows(), problem.G.cols());
  for (Eigen::Index k = 0; k < slope.size(); ++k) {
    if (tile.is_cell(k) == 0) continue;
    const int pin = tile.bit_pin(k);
    const double change = F[pin] - raised[pin];  // what the node gives falls
    slope(k) = std::max(change / step, 0.0) * problem.G(k) / shared[pin];
  }
  return slope;
}

}  // namespace memspice::tile
