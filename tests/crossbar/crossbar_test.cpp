// The crossbar solver against dense modified nodal analysis and against closed forms.

#include "crossbar/crossbar.hpp"

#include <catch2/catch.hpp>

#include "arrays.hpp"
#include "base/error.hpp"
#include "support/dense_crossbar.hpp"

using namespace memspice;
using namespace memspice::crossbar;
using namespace memspice::test;

namespace {

// Both sides are direct solves of well-scaled systems: a few hundred roundings.
constexpr double direct_tolerance = 1e-11;

}  // namespace

TEST_CASE("A single cell is a series of resistors", "[crossbar]") {
  const Eigen::MatrixXd G = Eigen::MatrixXd::Constant(1, 1, 1e-4);
  const Wiring wiring{.row = 1.0, .column = 2.0, .driver = 100.0, .sense = 30.0};
  const double expected = 1.0 / (100.0 + 1.0 + 1e4 + 2.0 + 30.0);
  CHECK(solve_response(G, wiring).G_eff(0, 0) == Approx(expected).epsilon(1e-13));
  const Operation operation = solve_vectors(G, wiring, Eigen::MatrixXd::Constant(1, 1, 0.5));
  CHECK(operation.current(0, 0) == Approx(0.5 * expected).epsilon(1e-13));
  CHECK(operation.power[0] == Approx(0.25 * expected).epsilon(1e-13));
}

TEST_CASE("Without resistance the response is the conductance", "[crossbar]") {
  const Eigen::MatrixXd G = random_cells(5, 7);
  CHECK(solve_response(G, Wiring{}).G_eff == G);
}

TEST_CASE("One word line without column resistance is a ladder", "[crossbar]") {
  // Seen from cell j the rest of the line is a conductance; working from the far end gives the
  // voltage ratio of each segment in closed form.
  const Eigen::MatrixXd G = random_cells(1, 6);
  const Wiring wiring{.row = 40.0, .driver = 100.0};
  std::vector<double> load(7, 0.0);
  for (int j = 5; j >= 0; --j) {
    const double beyond = load[j + 1] > 0.0 ? 1.0 / (40.0 + 1.0 / load[j + 1]) : 0.0;
    load[j] = G(0, j) + beyond;
  }
  const Eigen::MatrixXd G_eff = solve_response(G, wiring).G_eff;
  double v = 1.0;
  for (int j = 0; j < 6; ++j) {
    v /= 1.0 + (j == 0 ? 140.0 : 40.0) * load[j];
    CHECK(G_eff(0, j) == Approx(G(0, j) * v).epsilon(1e-13));
  }
}

TEST_CASE("One bit line without row resistance is a ladder of current sources", "[crossbar]") {
  // Two cells into one bit line: nodal equations of a 2 x 2 system solved by hand.
  Eigen::MatrixXd G(2, 1);
  G << 1e-3, 2e-3;
  const Wiring wiring{.column = 100.0, .sense = 50.0};
  const double g = 1.0 / 100.0;
  const double s = 1.0 / 150.0;
  const double determinant = (1e-3 + g) * (2e-3 + g + s) - g * g;
  const Eigen::MatrixXd G_eff = solve_response(G, wiring).G_eff;
  CHECK(G_eff(0, 0) == Approx(s * g * 1e-3 / determinant).epsilon(1e-13));
  CHECK(G_eff(1, 0) == Approx(s * (1e-3 + g) * 2e-3 / determinant).epsilon(1e-13));
}

TEST_CASE("solve_response matches dense analysis for every wiring", "[crossbar]") {
  const std::vector<std::pair<int, int>> shapes = {{1, 1}, {1, 5}, {5, 1}, {3, 4}, {6, 5}};
  for (const auto& [n, m] : shapes) {
    Eigen::MatrixXd G = random_cells(n, m, 1e-6, 1e-2);
    if (n > 2 && m > 2) G(1, 2) = 0.0;
    for (const auto& [name, wiring] : all_wirings(n, m)) {
      INFO(n << " x " << m << ", " << name);
      const Response response = solve_response(G, wiring);
      CHECK(relative_error(response.G_eff, dense_response(G, wiring)) < direct_tolerance);
    }
  }
}

TEST_CASE("solve_vectors matches dense analysis for every wiring", "[crossbar]") {
  const int n = 4;
  const int m = 5;
  Eigen::MatrixXd G = random_cells(n, m, 1e-6, 1e-2);
  G(2, 1) = 0.0;
  const Eigen::MatrixXd V = random_inputs(n, 2);
  for (const auto& [name, wiring] : all_wirings(n, m)) {
    INFO(name);
    const Operation operation = solve_vectors(G, wiring, V, {.node_voltages = true});
    for (int k = 0; k < 2; ++k) {
      const DenseSolution dense = solve_dense(G, wiring, V.col(k));
      CHECK(relative_error(operation.current.col(k), dense.current) < direct_tolerance);
      CHECK(relative_error(operation.word_line_voltage[k], dense.word_line_voltage) <
            direct_tolerance);
      CHECK((operation.bit_line_voltage[k] - dense.bit_line_voltage).norm() <
            direct_tolerance * V.norm());
      CHECK(operation.power[k] == Approx(dense.power_in).epsilon(direct_tolerance));
    }
  }
}

TEST_CASE("solve_nonlinear matches a dense Newton reference", "[crossbar]") {
  const Eigen::MatrixXd G = random_cells(4, 3, 1e-6, 1e-3);
  const Eigen::MatrixXd V = random_inputs(4, 1, 1.0);
  for (const auto& [name, wiring] : all_wirings(4, 3)) {
    for (const double alpha : {0.0, 2.0, 8.0}) {
      INFO(name << ", alpha " << alpha);
      const DenseLaw law = [alpha](double g, double v) {
        if (alpha == 0.0) return CellPoint{g * v, g};
        return CellPoint{g * std::sinh(alpha * v) / alpha, g * std::cosh(alpha * v)};
      };
      const Operation operation = solve_nonlinear(G, alpha, wiring, V);
      const DenseSolution dense = solve_dense(G, wiring, V.col(0), law);
      // Newton stops once the residual is at rounding; the reference does the same.
      CHECK(relative_error(operation.current.col(0), dense.current) < 1e-10);
      CHECK(operation.power[0] == Approx(dense.power_in).epsilon(1e-10));
      CHECK(operation.summary.termination != Summary::Termination::NotConverged);
    }
  }
}

TEST_CASE("An array without conducting cells carries nothing", "[crossbar]") {
  const Eigen::MatrixXd G = Eigen::MatrixXd::Zero(3, 4);
  for (const auto& [name, wiring] : all_wirings(3, 4)) {
    INFO(name);
    CHECK(solve_response(G, wiring).G_eff == Eigen::MatrixXd::Zero(3, 4));
  }
}

TEST_CASE("A bit line without cells carries nothing", "[crossbar]") {
  Eigen::MatrixXd G = random_cells(4, 4);
  G.col(2).setZero();
  for (const auto& [name, wiring] : all_wirings(4, 4)) {
    INFO(name);
    CHECK(solve_response(G, wiring).G_eff.col(2) == Eigen::VectorXd::Zero(4));
  }
}

TEST_CASE("Bad input to the solver is refused with its place", "[crossbar]") {
  const Eigen::MatrixXd G = random_cells(2, 3);
  const Eigen::MatrixXd V = random_inputs(2, 1);
  CHECK_THROWS_WITH(solve_response(Eigen::MatrixXd(0, 3), {}), Catch::Contains("empty"));
  Eigen::MatrixXd bad = G;
  bad(1, 2) = -1e-6;
  CHECK_THROWS_WITH(solve_response(bad, {}), Catch::Contains("cell (1, 2)"));
  bad(1, 2) = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(solve_vectors(bad, {}, V), InputError);
  CHECK_THROWS_WITH(solve_response(G, {.row = -1.0}), Catch::Contains("wiring.row"));
  CHECK_THROWS_WITH(solve_response(G, {.sense = 1.0 / 0.0}), Catch::Contains("wiring.sense"));
  CHECK_THROWS_AS(solve_vectors(G, {}, random_inputs(3, 1)), InputError);
  CHECK_THROWS_AS(solve_nonlinear(G, -1.0, {}, V), InputError);
  Wiring wiring;
  wiring.driver_per_line = {1.0};
  CHECK_THROWS_WITH(solve_response(G, wiring), Catch::Contains("driver_per_line"));
}
