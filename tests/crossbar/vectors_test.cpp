// Node voltages, wire currents and power; convergence where iterations usually fail.

#include <catch2/catch.hpp>

#include "arrays.hpp"
#include "crossbar/cell_law.hpp"
#include "support/dense_crossbar.hpp"

using namespace memspice;
using namespace memspice::crossbar;
using namespace memspice::test;

namespace {

using Termination = Summary::Termination;

Wiring default_wiring() {
  return {.row = 1.0, .column = 1.5, .driver = 100.0, .sense = 20.0};
}

struct Balance {
  double worst_node;  ///< largest sum of currents at any node [A]
  double largest;     ///< largest wire current [A]
  double worst_wire;  ///< largest departure of a wire from Ohm's law [V]
};

/// Kirchhoff at every node and Ohm in every inner wire, from voltages and currents as returned.
Balance check_balance(const Eigen::MatrixXd& I_cell, const Wiring& wiring, const Operation& o) {
  const Eigen::MatrixXd& word = o.word_line_current[0];
  const Eigen::MatrixXd& bit = o.bit_line_current[0];
  const Eigen::Index n = I_cell.rows();
  const Eigen::Index m = I_cell.cols();
  const Eigen::MatrixXd at_word = word.leftCols(m) - word.rightCols(m) - I_cell;
  const Eigen::MatrixXd at_bit = bit.topRows(n) - bit.bottomRows(n) + I_cell;
  const Eigen::MatrixXd& w = o.word_line_voltage[0];
  const Eigen::MatrixXd& b = o.bit_line_voltage[0];
  const Eigen::MatrixXd row_drop =
      w.leftCols(m - 1) - w.rightCols(m - 1) - wiring.row * word.middleCols(1, m - 1);
  const Eigen::MatrixXd column_drop =
      b.topRows(n - 1) - b.bottomRows(n - 1) - wiring.column * bit.middleRows(1, n - 1);
  return {std::max(at_word.cwiseAbs().maxCoeff(), at_bit.cwiseAbs().maxCoeff()),
          std::max(word.cwiseAbs().maxCoeff(), bit.cwiseAbs().maxCoeff()),
          std::max(row_drop.cwiseAbs().maxCoeff(), column_drop.cwiseAbs().maxCoeff())};
}

}  // namespace

TEST_CASE("Kirchhoff holds at every node to 1e-12 of the largest current", "[crossbar]") {
  const VectorOptions everything{.node_voltages = true, .branch_currents = true};
  for (const int n : {2, 31, 128}) {
    const Eigen::MatrixXd G = random_cells(n, n + 3);
    const Eigen::MatrixXd V = random_inputs(n, 1);
    for (const auto drive : {WordLineSide::Left, WordLineSide::Both}) {
      for (const double alpha : {0.0, 4.0}) {
        INFO(n << " alpha " << alpha << " drive " << int(drive));
        Wiring wiring = default_wiring();
        wiring.drive_side = drive;
        const Operation o = solve_nonlinear(G, alpha, wiring, V, everything);
        const Eigen::ArrayXXd v = (o.word_line_voltage[0] - o.bit_line_voltage[0]).array();
        const Eigen::MatrixXd I = alpha == 0.0
                                      ? Eigen::MatrixXd(G.array() * v)
                                      : Eigen::MatrixXd(G.array() * (alpha * v).sinh() / alpha);
        const Balance balance = check_balance(I, wiring, o);
        CHECK(balance.worst_node <= 1e-12 * balance.largest);
        // Node voltages round at 1e-16 of the input.
        CHECK(balance.worst_wire <= 1e-15 * V.cwiseAbs().maxCoeff());
      }
    }
  }
}

TEST_CASE("Wires of 0 Ohm carry what Kirchhoff leaves them", "[crossbar]") {
  const Eigen::MatrixXd G = random_cells(5, 6);
  const Eigen::MatrixXd V = random_inputs(5, 1);
  const VectorOptions everything{.node_voltages = true, .branch_currents = true};
  for (const auto& [name, wiring] : all_wirings(5, 6)) {
    INFO(name);
    const Operation o = solve_vectors(G, wiring, V, everything);
    const Eigen::MatrixXd I = G.cwiseProduct(o.word_line_voltage[0] - o.bit_line_voltage[0]);
    const Balance balance = check_balance(I, wiring, o);
    CHECK(balance.worst_node <= 1e-12 * balance.largest);
  }
}

TEST_CASE("Power in is power dissipated", "[crossbar]") {
  for (const int n : {3, 64}) {
    const Eigen::MatrixXd G = random_cells(n, n);
    const Eigen::MatrixXd V = random_inputs(n, 2);
    for (const auto drive : {WordLineSide::Left, WordLineSide::Both}) {
      Wiring wiring = default_wiring();
      wiring.drive_side = drive;
      const Operation o = solve_vectors(G, wiring, V, {.branch_currents = true});
      for (int k = 0; k < 2; ++k) {
        const Eigen::MatrixXd& I = o.word_line_current[k];
        const double power_in = V.col(k).dot(I.col(0) - I.col(n));
        CHECK(o.power[k] == Approx(power_in).epsilon(1e-10));
      }
    }
  }
}

TEST_CASE("The iteration converges from 0.01 to 1000 Ohm and 1e-9 to 1e-2 S", "[crossbar]") {
  const int n = 48;
  for (const double R : {0.01, 1.0, 30.0, 1000.0}) {
    for (const double g : {1e-9, 1e-6, 1e-4, 1e-2}) {
      const Eigen::MatrixXd G = random_cells(n, n, g / 100.0, g);
      const Eigen::MatrixXd V = random_inputs(n, 1);
      const Wiring wiring{.row = R, .column = R};
      INFO("wire " << R << " cells " << g);
      const Operation o = solve_vectors(G, wiring, V);
      CHECK(o.summary.termination != Termination::NotConverged);
      CHECK(o.summary.residual <= 1e-12);
      // The response comes from another method altogether. Both lose the digits that the wire's
      // load on the lines costs.
      const Eigen::MatrixXd expected = solve_response(G, wiring).G_eff.transpose() * V;
      CHECK(relative_error(o.current, expected) < 1e-9);
      const Operation bent = solve_nonlinear(G, 4.0, wiring, 5.0 * V);
      CHECK(bent.summary.termination != Termination::NotConverged);
    }
  }
}

TEST_CASE("Slow vectors take the direct path and the summary says so", "[crossbar]") {
  // n^2 R G is about 1e7: the wires decide everything and whole lines say little to each other.
  const Eigen::MatrixXd G = random_cells(96, 96, 1e-2, 1e-1);
  const Eigen::MatrixXd V = random_inputs(96, 1);
  const Wiring wiring{.row = 3e4, .column = 3e4};
  const Operation o = solve_vectors(G, wiring, V);
  CHECK(o.summary.termination == Termination::Direct);
  CHECK_THAT(o.summary.message, Catch::Contains("1 of 1 vectors by sparse Cholesky"));
  const Eigen::MatrixXd expected = solve_response(G, wiring).G_eff.transpose() * V;
  CHECK(relative_error(o.current, expected) < 1e-8);
}

TEST_CASE("128 x 128 at 5 Ohm, where fixed-point solvers diverge, is exact", "[crossbar]") {
  const Eigen::MatrixXd G = random_cells(128, 128, 1e-5, 1e-3);
  const Eigen::MatrixXd V = random_inputs(128, 1);
  const Wiring wiring{.row = 5.0, .column = 5.0};
  const Operation o = solve_vectors(G, wiring, V);
  CHECK(o.summary.termination == Termination::Converged);
  CHECK(relative_error(o.current, solve_response(G, wiring).G_eff.transpose() * V) < 1e-10);
}

TEST_CASE("A loose tolerance is reported by its residual", "[crossbar]") {
  const Eigen::MatrixXd G = random_cells(64, 64, 1e-4, 1e-3);
  const Operation o =
      solve_vectors(G, {.row = 5.0, .column = 5.0}, random_inputs(64, 1), {.tolerance = 1e-3});
  CHECK(o.summary.residual <= 1e-3);
  CHECK(o.summary.residual > 1e-12);
}

TEST_CASE("Row and column terminals act on their own axis", "[crossbar]") {
  // With one ideal axis the response has the closed form of a divider per line.
  const Eigen::MatrixXd G = random_cells(3, 4, 1e-4, 1e-3);
  const Eigen::MatrixXd driven = solve_response(G, {.driver = 1000.0}).G_eff;
  const Eigen::MatrixXd sensed = solve_response(G, {.sense = 1000.0}).G_eff;
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 4; ++j) {
      CHECK(driven(i, j) == Approx(G(i, j) / (1.0 + 1000.0 * G.row(i).sum())).epsilon(1e-13));
      CHECK(sensed(i, j) == Approx(G(i, j) / (1.0 + 1000.0 * G.col(j).sum())).epsilon(1e-13));
    }
  }
}

TEST_CASE("A driver of 0 Ohm is a voltage source", "[crossbar]") {
  const Eigen::MatrixXd G = random_cells(6, 6, 1e-4, 1e-3);
  const Eigen::MatrixXd ideal = solve_response(G, {.row = 2.0, .column = 2.0}).G_eff;
  const Eigen::MatrixXd nearly =
      solve_response(G, {.row = 2.0, .column = 2.0, .driver = 1e-6}).G_eff;
  // The response depends smoothly on the driver: a change of 1e-6 Ohm on loads of some 100 Ohm.
  CHECK(relative_error(ideal, nearly) < 1e-7);
  CHECK(relative_error(ideal, nearly) > 0.0);
}

TEST_CASE("A law that is not monotone is solved like the reference", "[crossbar]") {
  // I = G (v - 3 v^3 + 2.6 v^5): falls between 0.37 and 0.58 V. Rising inputs lead the reference
  // along the same branch that Newton's method takes from the ideal array.
  class Humped final : public CellLaw {
   public:
    void evaluate(std::span<const double> G,
                  std::span<const double> v,
                  std::span<double> I,
                  std::span<double> slope) const override {
      for (std::size_t k = 0; k < G.size(); ++k) {
        const double s = v[k] * v[k];
        I[k] = G[k] * v[k] * (1.0 - 3.0 * s + 2.6 * s * s);
        slope[k] = G[k] * (1.0 - 9.0 * s + 13.0 * s * s);
      }
    }
  };
  const DenseLaw law = [](double g, double v) {
    const double s = v * v;
    return CellPoint{g * v * (1.0 - 3.0 * s + 2.6 * s * s), g * (1.0 - 9.0 * s + 13.0 * s * s)};
  };
  const Eigen::MatrixXd G = random_cells(6, 5, 1e-6, 1e-3);
  const Eigen::MatrixXd V = Eigen::VectorXd::LinSpaced(6, 0.1, 0.9);
  const Wiring wiring{.row = 2.0, .column = 2.0, .driver = 10.0, .sense = 10.0};
  const Operation o = solve_cells(G, Humped(), wiring, V);
  CHECK(o.summary.termination == Termination::Converged);
  CHECK(relative_error(o.current, solve_dense(G, wiring, V.col(0), law).current) < 1e-10);
}
