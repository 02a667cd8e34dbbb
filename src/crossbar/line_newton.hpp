#pragma once
// Newton's method over the line-implicit iteration; for ohmic cells its first step is the answer.

#include <vector>

#include "crossbar/array_circuit.hpp"
#include "crossbar/line_solver.hpp"

namespace memspice::crossbar {

/// How one vector went.
struct LineOutcome {
  bool converged = false;
  bool at_rounding = false;  ///< converged as far as the voltages' rounding allows, no further
  int newton_steps = 0;
  int iterations = 0;     ///< of conjugate gradients, over all steps
  double residual = 0.0;  ///< relative, of Kirchhoff's current law
};

/// Solves one vector after the other on one array; the factorisation for ohmic cells and the
/// memory are shared.
class LineNewton {
 public:
  /// `array` must have no floating lines; `law` and `G` must outlive this. `tolerance`: on the
  /// relative residual.
  LineNewton(const Array& array, const Eigen::MatrixXd& G, const CellLaw& law, double tolerance);

  /// V: one voltage per word line [V], 0 where nothing drives.
  LineOutcome solve(const Eigen::VectorXd& V);

  /// After solve: node offsets and cell currents [A], n_word_lines x n_bit_lines.
  const NodeOffsets& offsets() const { return offsets_; }
  Eigen::MatrixXd cell_currents() const;

 private:
  void start(const Eigen::VectorXd& V);
  void solve_ohmic(LineOutcome& outcome);
  void conclude(LineOutcome& outcome);
  bool newton_step(LineOutcome& outcome);
  bool search(double norm);
  /// Fills current, slope and excess for the given offsets; returns the excess' norm.
  double evaluate(const Offsets& x);
  double scale() const;
  /// Relative residual that the rounding of the offsets alone can leave.
  double rounding_limit() const;
  /// False when neither the slopes nor the chords make a positive definite matrix.
  bool factorize_slope();

  const Eigen::MatrixXd& G_;
  const CellLaw& law_;
  double tolerance_;
  LineSolver solver_;
  bool ohmic_factor_ = false;  ///< whether the solver holds the factors for slope G
  Eigen::VectorXd V_;
  Offsets x_, trial_, step_, excess_;
  std::vector<double> bit_in_word_layout_, voltage_, current_, slope_;
  NodeOffsets offsets_;
};

}  // namespace memspice::crossbar
