#pragma once
// One tile on its way to its solution: asks ngspice, judges the answer, corrects, asks again.

#include <Eigen/Core>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/pinned.hpp"
#include "tile/pinned_correction.hpp"
#include "tile/pinned_solver.hpp"
#include "tile/pinned_voltages.hpp"

namespace memspice::tile {

/// What one round asks of one tile.
struct PinnedQuestion {
  enum class What { Residual, Raised, Ladder };
  What what = What::Residual;
  std::vector<Eigen::Index> points;  ///< columns of X, of all but a ladder
  Eigen::MatrixXd X;                 ///< pins x points [V]
};

/// One tile on its way to its solution.
class PinnedRun {
 public:
  /// Both must outlive it.
  PinnedRun(const PinnedProblem& problem, const PinnedOptions& options);

  bool is_done() const noexcept { return stage_ == Stage::Done; }

  /// What to evaluate next.
  void ask();
  /// The asked points as one request per piece.
  std::vector<engine::PinnedPoints> requests() const;
  /// Takes the answers, one per request.
  void take(std::span<const engine::PinnedCurrents> answers);

  PinnedSolution solution() &&;

 private:
  enum class Stage { Residuals, Conductances, Ladder, Done };

  void judge(const Eigen::MatrixXd& F);
  void correct(const Eigen::MatrixXd* raised);
  void check_ladder(const Eigen::MatrixXd& F);
  void move_on();
  Eigen::MatrixXd slopes(Eigen::Index point, const Eigen::VectorXd* raised) const;
  double bound_of(Eigen::Index point) const;
  double largest_output() const;
  double rounding(Eigen::Index point) const;
  void fail(engine::Termination termination, const std::string& message);

  const PinnedProblem& problem_;
  const PinnedOptions& options_;
  std::vector<engine::PinnedDeck> decks_;
  TerminalNodes terminal_nodes_;
  Eigen::MatrixXd X_;               ///< pins x points [V]
  Eigen::VectorXd bound_;           ///< bound of each point at its last evaluation [A]
  Eigen::MatrixXd F_;               ///< pins x points, at the last evaluation of each [A]
  std::vector<Eigen::Index> open_;  ///< points whose bound is not yet below the tolerance
  std::unique_ptr<Correction> correction_;
  Stage stage_ = Stage::Residuals;
  PinnedQuestion asked_;
  PinnedSolution solution_;
};

}  // namespace memspice::tile
