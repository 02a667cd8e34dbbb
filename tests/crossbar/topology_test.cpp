// Differential pairs and gated source lines.

#include "crossbar/topology.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "arrays.hpp"
#include "base/error.hpp"
#include "crossbar/access_law.hpp"
#include "support/dense_crossbar.hpp"

using namespace memspice;
using namespace memspice::crossbar;
using namespace memspice::test;

namespace {

constexpr double dense_tolerance = 1e-11;
const Wiring kWiring{.row = 5.0, .column = 8.0, .driver = 50.0, .sense = 20.0};

std::shared_ptr<const Topology> pairs_in(PairLayout layout) {
  return make_topology(layout, SourceLine::Shared, 0.2);
}

/// A plan's cells: five inputs, three outputs.
Eigen::MatrixXd plan_cells() {
  return random_cells(5, 6, 1e-6, 1e-3, 1);
}

/// Columns 2j less columns 2j + 1.
Eigen::MatrixXd column_differences(const Eigen::MatrixXd& G) {
  Eigen::MatrixXd difference(G.rows(), G.cols() / 2);
  for (Eigen::Index j = 0; j < difference.cols(); ++j) {
    difference.col(j) = G.col(2 * j) - G.col(2 * j + 1);
  }
  return difference;
}

Eigen::MatrixXd response_of(const Topology& topology, const Eigen::MatrixXd& G, const Wiring& w) {
  return topology.response(G, w, [](const Eigen::MatrixXd& cells, const Wiring& wiring) {
    return solve_response(cells, wiring).G_eff;
  });
}

/// Outputs for V, solved by the topology.
Eigen::MatrixXd outputs_of(const Topology& topology,
                           const Eigen::MatrixXd& G,
                           const Wiring& wiring,
                           const Eigen::MatrixXd& V) {
  const Eigen::MatrixXd cells = topology.cells(G);
  const LineDrive drive = topology.drive(V, cells.cols());
  return topology.outputs(topology.solve(cells, OhmicLaw(), wiring, drive).current);
}

}  // namespace

TEST_CASE("Without resistance both pair layouts give G_plus - G_minus", "[crossbar]") {
  const Eigen::MatrixXd G = plan_cells();
  for (const auto layout : {PairLayout::NeighbouringBitLines, PairLayout::SharedBitLine}) {
    const Eigen::MatrixXd response = response_of(*pairs_in(layout), G, {});
    CHECK(relative_error(column_differences(response), column_differences(G)) < 1e-15);
  }
}

TEST_CASE("A unit column is taken from every other bit line", "[crossbar]") {
  const auto topology = pairs_in(PairLayout::UnitColumn);
  const Eigen::MatrixXd G = random_cells(5, 4, 1e-6, 1e-3, 2);  // three outputs
  CHECK(topology->cells(G) == G);
  const Eigen::MatrixXd bare = column_differences(response_of(*topology, G, {}));
  CHECK(relative_error(bare, G.leftCols(3).colwise() - G.col(3)) < 1e-15);
  CHECK(column_differences(topology->pairs_of(G)) == G.leftCols(3).colwise() - G.col(3));
  const Eigen::MatrixXd lines = dense_response(G, kWiring);
  const Eigen::MatrixXd wired = lines.leftCols(3).colwise() - lines.col(3);
  CHECK(relative_error(column_differences(response_of(*topology, G, kWiring)), wired) <
        dense_tolerance);
  Eigen::MatrixXd V = random_cells(5, 2, 0.02, 0.2, 3);
  V.row(1) *= -1.0;
  CHECK(relative_error(outputs_of(*topology, G, kWiring, V), wired.transpose() * V) <
        dense_tolerance);
}

TEST_CASE("Neighbouring bit lines are subtracted behind the senses", "[crossbar]") {
  const auto topology = pairs_in(PairLayout::NeighbouringBitLines);
  const Eigen::MatrixXd G = plan_cells();
  const Eigen::MatrixXd V = random_inputs(5, 1);
  const Eigen::VectorXd I = solve_dense(G, kWiring, V.col(0)).current;
  const Eigen::Vector3d expected(I[0] - I[1], I[2] - I[3], I[4] - I[5]);
  CHECK(relative_error(outputs_of(*topology, G, kWiring, V), expected) < dense_tolerance);
  const Eigen::MatrixXd response = column_differences(response_of(*topology, G, kWiring));
  CHECK(relative_error(response.transpose() * V, expected) < dense_tolerance);
}

TEST_CASE("A shared bit line subtracts opposite drives", "[crossbar]") {
  const auto topology = pairs_in(PairLayout::SharedBitLine);
  const Eigen::MatrixXd G = plan_cells();
  const Eigen::MatrixXd V = random_inputs(5, 1);
  Eigen::MatrixXd lines(10, 3);
  Eigen::VectorXd drive(10);
  for (int i = 0; i < 5; ++i) {
    for (int j = 0; j < 3; ++j) {
      lines(2 * i, j) = G(i, 2 * j);
      lines(2 * i + 1, j) = G(i, 2 * j + 1);
    }
    drive[2 * i] = V(i);
    drive[2 * i + 1] = -V(i);
  }
  const Eigen::VectorXd expected = solve_dense(lines, kWiring, drive).current;
  CHECK(relative_error(outputs_of(*topology, G, kWiring, V), expected) < dense_tolerance);
  const Eigen::MatrixXd response = column_differences(response_of(*topology, G, kWiring));
  CHECK(relative_error(response.transpose() * V, expected) < dense_tolerance);
}

TEST_CASE("Every line knows its part in the plan", "[crossbar]") {
  // The plan's cell (i, 2j) or (i, 2j + 1) lies where a word line of input i meets a bit line of
  // output j; the product of the lines' signs tells which of the two.
  const Eigen::MatrixXd G = plan_cells();
  for (const auto layout : {PairLayout::NeighbouringBitLines, PairLayout::SharedBitLine}) {
    const auto topology = pairs_in(layout);
    const Eigen::MatrixXd cells = topology->cells(G);
    for (Eigen::Index k = 0; k < cells.rows(); ++k) {
      const LineRole word = topology->word_line(k);
      const auto lines = topology->word_lines_of(word.number);
      CHECK(std::count(lines.begin(), lines.end(), k) == 1);
      for (Eigen::Index j = 0; j < cells.cols(); ++j) {
        const LineRole bit = topology->bit_line(j);
        const Eigen::Index minus = word.is_negative != bit.is_negative ? 1 : 0;
        CHECK(cells(k, j) == G(word.number, 2 * bit.number + minus));
      }
    }
  }
}

TEST_CASE("Sharing the bit line relieves it", "[crossbar]") {
  // Equal cells, 0.1 mA each. Only the segment inside each of the four pairs carries current, so
  // from the sense upwards the nodes stand at 0, 5, 5, 10, 10, 15, 15, 20 mV: to first order the
  // cells lose 80 mV * 0.1 mS. A line of four positive cells alone stands at 20, 35, 45, 50 mV.
  const Eigen::MatrixXd G = Eigen::MatrixXd::Constant(4, 2, 1e-4);
  const Eigen::MatrixXd V = Eigen::MatrixXd::Ones(4, 1);
  const double shared =
      outputs_of(*pairs_in(PairLayout::SharedBitLine), G, {.column = 50.0}, V)(0, 0);
  const double alone = solve_vectors(G.col(0), {.column = 50.0}, V).current(0, 0);
  CHECK(shared == Approx(-8e-6).epsilon(0.2));
  CHECK(alone == Approx(4e-4 - 1.5e-5).epsilon(0.005));
}

TEST_CASE("Source lines along bit lines: each column is a ladder of its own", "[crossbar]") {
  const int n = 4;
  const Eigen::MatrixXd G = random_cells(n, 3, 1e-5, 1e-3);
  Eigen::MatrixXd gates(n, 1);
  gates << 1, 0, 1, 1;
  const Operation o = solve_gated(G, OhmicLaw(), kWiring, 0.3, gates);
  for (int j = 0; j < 3; ++j) {
    const Eigen::VectorXd cells = gates.col(0).cwiseProduct(G.col(j));
    const double I = 0.3 * test::dense_ladder(cells, kWiring).sum();
    CHECK(o.current(j, 0) == Approx(I).epsilon(dense_tolerance));
  }
}

TEST_CASE("A column read through bent cells matches the ordinary array", "[crossbar]") {
  // Without wire it makes no difference which lines bring the current.
  const Eigen::MatrixXd G = random_cells(4, 3, 1e-5, 1e-3);
  const auto law = make_cell_law(3.0, {});
  const Operation ordinary =
      solve_cells(G, *law, {.sense = 40.0}, Eigen::MatrixXd::Constant(4, 1, 0.8));
  const Operation gated = solve_gated(G, *law, {.sense = 40.0}, 0.8, Eigen::MatrixXd::Ones(4, 1));
  CHECK(relative_error(ordinary.current, gated.current) < 1e-10);
  CHECK(ordinary.power[0] == Approx(gated.power[0]).epsilon(1e-10));
}

TEST_CASE("Separate source lines switch their cells by the inputs", "[crossbar]") {
  const auto topology = make_topology(PairLayout::SharedBitLine, SourceLine::AlongBitLine, 0.3);
  CHECK(topology->pairs() == "neighbouring_bit_lines");
  CHECK_FALSE(topology->takes_signs());
  const Eigen::MatrixXd G = plan_cells();
  Eigen::MatrixXd V(5, 2);
  V << 0.3, 0.0, 0.0, 0.3, 0.3, 0.3, 0.3, 0.0, 0.0, 0.0;
  const LineDrive drive = topology->drive(V, G.cols());
  CHECK(drive.V == Eigen::MatrixXd::Constant(6, 2, 0.3));
  CHECK(drive.gates == (V.array() > 0.0).cast<double>().matrix());
  // Without wires a gate that is on lets its whole row through.
  CHECK(relative_error(outputs_of(*topology, G, {}, V), column_differences(G).transpose() * V) <
        1e-12);
  CHECK(relative_error(response_of(*topology, G, {}), G) < 1e-12);
  CHECK_THROWS_AS(topology->drive(-V, G.cols()), InputError);
}

TEST_CASE("Gates that are neither off nor on are refused", "[crossbar]") {
  const Eigen::MatrixXd G = random_cells(2, 2);
  CHECK_THROWS_AS(solve_gated(G, OhmicLaw(), {}, 0.2, Eigen::MatrixXd::Constant(2, 1, 0.5)),
                  InputError);
  CHECK_THROWS_AS(solve_gated(G, OhmicLaw(), {}, INFINITY, Eigen::MatrixXd::Ones(2, 1)),
                  InputError);
}
