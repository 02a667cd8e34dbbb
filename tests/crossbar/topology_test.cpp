// Differential pairs, gated source lines, transistors.

#include "crossbar/topology.hpp"

#include <Eigen/Cholesky>
#include <catch2/catch.hpp>
#include <cmath>

#include "arrays.hpp"
#include "base/error.hpp"
#include "support/dense_crossbar.hpp"

using namespace memspice;
using namespace memspice::crossbar;
using namespace memspice::test;

namespace {

constexpr double dense_tolerance = 1e-11;
const Wiring kWiring{.row = 5.0, .column = 8.0, .driver = 50.0, .sense = 20.0};

CellPairs pairs_of(PairLayout layout) {
  return {random_cells(5, 3, 1e-6, 1e-3, 1), random_cells(5, 3, 1e-6, 1e-3, 2), layout};
}

}  // namespace

TEST_CASE("Without resistance both pair layouts give G_plus - G_minus", "[crossbar]") {
  for (const auto layout : {PairLayout::NeighbouringBitLines, PairLayout::SharedBitLine}) {
    const CellPairs pairs = pairs_of(layout);
    CHECK(relative_error(solve_pair_response(pairs, {}).G_eff, pairs.G_plus - pairs.G_minus) <
          1e-15);
  }
}

TEST_CASE("Neighbouring bit lines are subtracted behind the senses", "[crossbar]") {
  const CellPairs pairs = pairs_of(PairLayout::NeighbouringBitLines);
  const Eigen::MatrixXd V = random_inputs(5, 1);
  Eigen::MatrixXd G(5, 6);
  for (int j = 0; j < 3; ++j) {
    G.col(2 * j) = pairs.G_plus.col(j);
    G.col(2 * j + 1) = pairs.G_minus.col(j);
  }
  const Eigen::VectorXd I = solve_dense(G, kWiring, V.col(0)).current;
  const Eigen::Vector3d expected(I[0] - I[1], I[2] - I[3], I[4] - I[5]);
  CHECK(relative_error(solve_pairs(pairs, OhmicLaw(), kWiring, V).current, expected) <
        dense_tolerance);
  CHECK(relative_error(solve_pair_response(pairs, kWiring).G_eff.transpose() * V, expected) <
        dense_tolerance);
}

TEST_CASE("A shared bit line subtracts opposite drives", "[crossbar]") {
  const CellPairs pairs = pairs_of(PairLayout::SharedBitLine);
  const Eigen::MatrixXd V = random_inputs(5, 1);
  Eigen::MatrixXd G(10, 3);
  Eigen::VectorXd drive(10);
  for (int i = 0; i < 5; ++i) {
    G.row(2 * i) = pairs.G_plus.row(i);
    G.row(2 * i + 1) = pairs.G_minus.row(i);
    drive[2 * i] = V(i);
    drive[2 * i + 1] = -V(i);
  }
  const Eigen::VectorXd expected = solve_dense(G, kWiring, drive).current;
  CHECK(relative_error(solve_pairs(pairs, OhmicLaw(), kWiring, V).current, expected) <
        dense_tolerance);
  CHECK(relative_error(solve_pair_response(pairs, kWiring).G_eff.transpose() * V, expected) <
        dense_tolerance);
}

TEST_CASE("Sharing the bit line relieves it", "[crossbar]") {
  // Equal cells, 0.1 mA each. Only the segment inside each of the four pairs carries current, so
  // from the sense upwards the nodes stand at 0, 5, 5, 10, 10, 15, 15, 20 mV: to first order the
  // cells lose 80 mV * 0.1 mS. A line of four positive cells alone stands at 20, 35, 45, 50 mV.
  const Eigen::MatrixXd G = Eigen::MatrixXd::Constant(4, 1, 1e-4);
  const CellPairs pairs{G, G, PairLayout::SharedBitLine};
  const Eigen::MatrixXd V = Eigen::MatrixXd::Ones(4, 1);
  const double shared = solve_pairs(pairs, OhmicLaw(), {.column = 50.0}, V).current(0, 0);
  const double alone = solve_vectors(G, {.column = 50.0}, V).current(0, 0);
  CHECK(shared == Approx(-8e-6).epsilon(0.2));
  CHECK(alone == Approx(4e-4 - 1.5e-5).epsilon(0.005));
}

TEST_CASE("A transistor is a resistance in series with its cell", "[crossbar]") {
  const Eigen::MatrixXd G = random_cells(3, 3);
  CHECK(with_transistor(G, 0.0) == G);
  CHECK(with_transistor(G, 5e3)(1, 2) == Approx(1.0 / (1.0 / G(1, 2) + 5e3)).epsilon(1e-14));
  CHECK(with_transistor(Eigen::MatrixXd::Zero(1, 1), 5e3)(0, 0) == 0.0);
}

TEST_CASE("A bent cell behind a transistor obeys its own law", "[crossbar]") {
  const SinhLaw sinh_law(4.0);
  const SeriesLaw series(sinh_law, 2e4);
  const std::vector<double> G = {1e-4, 1e-4, 1e-6, 0.0, 1e-2};
  const std::vector<double> v = {0.5, -0.5, 1.0, 0.3, 0.8};
  std::vector<double> I(5), slope(5), above(5), below(5), unused(5);
  series.evaluate(G, v, I, slope);
  constexpr double h = 1e-6;
  std::vector<double> up = v, down = v;
  for (double& x : up) x += h;
  for (double& x : down) x -= h;
  series.evaluate(G, up, above, unused);
  series.evaluate(G, down, below, unused);
  for (std::size_t k = 0; k < 5; ++k) {
    const double across_cell = v[k] - 2e4 * I[k];
    CHECK(I[k] == Approx(G[k] * std::sinh(4.0 * across_cell) / 4.0).epsilon(1e-10));
    // Central differences are good to h^2 of the third derivative.
    CHECK(slope[k] == Approx((above[k] - below[k]) / (2.0 * h)).epsilon(1e-6).margin(1e-14));
  }
}

TEST_CASE("Source lines along word lines: rows that are off are open", "[crossbar]") {
  const Eigen::MatrixXd G = random_cells(5, 4, 1e-6, 1e-3);
  Eigen::MatrixXd gates(5, 2);
  gates << 1, 0, 0, 1, 1, 1, 1, 0, 0, 0;
  const GatedArray gated{.read_voltage = 0.3, .R_transistor = 1e3};
  const Operation o = solve_gated(G, OhmicLaw(), gated, kWiring, gates, {.node_voltages = true});
  for (int k = 0; k < 2; ++k) {
    const Eigen::MatrixXd on = gates.col(k).asDiagonal() * G;
    const Eigen::MatrixXd cells = on.array() / (1.0 + on.array() * 1e3);
    const DenseSolution dense = solve_dense(cells, kWiring, Eigen::VectorXd::Constant(5, 0.3));
    CHECK(relative_error(o.current.col(k), dense.current) < dense_tolerance);
    CHECK(o.power[k] == Approx(dense.power_in).epsilon(1e-10));
    CHECK(relative_error(o.word_line_voltage[k], dense.word_line_voltage) < dense_tolerance);
  }
}

TEST_CASE("Source lines along bit lines: each column is a ladder of its own", "[crossbar]") {
  // Column by column: unknowns are the source line's and the bit line's nodes; their 2n nodal
  // equations are written out and solved densely.
  const int n = 4;
  const Eigen::MatrixXd G = random_cells(n, 3, 1e-5, 1e-3);
  Eigen::MatrixXd gates(n, 1);
  gates << 1, 0, 1, 1;
  GatedArray gated{.source_line = GatedArray::SourceLine::AlongBitLine, .read_voltage = 0.3};
  const Operation o = solve_gated(G, OhmicLaw(), gated, kWiring, gates);
  const double g = 1.0 / 8.0;
  for (int j = 0; j < 3; ++j) {
    Eigen::MatrixXd A = Eigen::MatrixXd::Zero(2 * n, 2 * n);
    Eigen::VectorXd b = Eigen::VectorXd::Zero(2 * n);
    const auto connect = [&A](int p, int q, double value) {
      A(p, p) += value;
      A(q, q) += value;
      A(p, q) -= value;
      A(q, p) -= value;
    };
    for (int i = 0; i + 1 < n; ++i) {
      connect(i, i + 1, g);
      connect(n + i, n + i + 1, g);
    }
    for (int i = 0; i < n; ++i) connect(i, n + i, gates(i) * G(i, j));
    A(0, 0) += 1.0 / 58.0;  // the driver, at the top because the sense is at the bottom
    b[0] = 0.3 / 58.0;
    A(2 * n - 1, 2 * n - 1) += 1.0 / 28.0;
    const Eigen::VectorXd x = A.llt().solve(b);
    CHECK(o.current(j, 0) == Approx(x[2 * n - 1] / 28.0).epsilon(dense_tolerance));
  }
}

TEST_CASE("A column read through bent cells matches the ordinary array", "[crossbar]") {
  // Without wire both source-line directions are the same circuit.
  const Eigen::MatrixXd G = random_cells(4, 3, 1e-5, 1e-3);
  const Eigen::MatrixXd gates = Eigen::MatrixXd::Ones(4, 1);
  GatedArray gated{.read_voltage = 0.8, .R_transistor = 2e3};
  const SinhLaw law(3.0);
  const Operation along_word = solve_gated(G, law, gated, {.sense = 40.0}, gates);
  gated.source_line = GatedArray::SourceLine::AlongBitLine;
  const Operation along_bit = solve_gated(G, law, gated, {.sense = 40.0}, gates);
  CHECK(relative_error(along_word.current, along_bit.current) < 1e-10);
  CHECK(along_word.power[0] == Approx(along_bit.power[0]).epsilon(1e-10));
}

TEST_CASE("Gates that are neither off nor on are refused", "[crossbar]") {
  const Eigen::MatrixXd G = random_cells(2, 2);
  CHECK_THROWS_AS(solve_gated(G, OhmicLaw(), {}, {}, Eigen::MatrixXd::Constant(2, 1, 0.5)),
                  InputError);
  CHECK_THROWS_AS(
      solve_gated(G, OhmicLaw(), {.R_transistor = -1.0}, {}, Eigen::MatrixXd::Ones(2, 1)),
      InputError);
}
