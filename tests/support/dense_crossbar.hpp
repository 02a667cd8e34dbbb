#pragma once
// The oracle for crossbar arrays: modified nodal analysis with dense matrices, written for
// clarity. It shares no code with src/crossbar. Unknowns are all node voltages and all wire
// currents, so that a wire of 0 Ohm is the equation v_a - v_b = 0 and nothing is approximated.

#include <Eigen/Core>
#include <functional>

#include "crossbar/crossbar.hpp"

namespace memspice::test {

struct DenseSolution {
  Eigen::VectorXd current;            ///< per bit line, into its sense ends [A]
  Eigen::MatrixXd word_line_voltage;  ///< n_word_lines x n_bit_lines [V]
  Eigen::MatrixXd bit_line_voltage;   ///< n_word_lines x n_bit_lines [V]
  double power_in = 0.0;              ///< delivered by the drivers' sources [W]
};

/// A cell's current [A] and slope [S] for its conductance G [S] and voltage v [V].
struct CellPoint {
  double I, slope;
};
using DenseLaw = std::function<CellPoint(double G, double v)>;

/// Linear cells. V: one voltage per word line.
DenseSolution solve_dense(const Eigen::MatrixXd& G,
                          const crossbar::Wiring& wiring,
                          const Eigen::VectorXd& V);

/// n_word_lines x n_bit_lines [S], one solve per unit input.
Eigen::MatrixXd dense_response(const Eigen::MatrixXd& G, const crossbar::Wiring& wiring);

/// Cells of any law, by Newton's method with step halving, inputs raised in ten steps.
DenseSolution solve_dense(const Eigen::MatrixXd& G,
                          const crossbar::Wiring& wiring,
                          const Eigen::VectorXd& V,
                          const DenseLaw& law);

/// One column whose source line is driven at the top and whose bit line is sensed at the bottom:
/// the currents of its linear cells at 1 V [A]. Wires of 0 Ohm are no input.
Eigen::VectorXd dense_ladder(const Eigen::VectorXd& G, const crossbar::Wiring& wiring);

}  // namespace memspice::test
