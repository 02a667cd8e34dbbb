// The ends of the range: wires, cells and voltages from where doubles begin to where they end.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "arrays.hpp"
#include "base/error.hpp"
#include "crossbar/cell_law.hpp"
#include "crossbar/cell_range.hpp"
#include "crossbar/contrast.hpp"
#include "crossbar/response.hpp"
#include "crossbar/solvable.hpp"

using namespace memspice;
using namespace memspice::crossbar;

namespace {

// A few roundings of numbers that are multiplied and added.
constexpr double kRounding = 1e-13;
// What an iteration to a relative residual of 1e-12 leaves in a result.
constexpr double kSolved = 1e-10;

/// I and dI/dv of one cell of 1 S.
std::pair<double, double> cell_at(double alpha, double v) {
  const std::vector<double> G{1.0}, V{v};
  std::vector<double> I(1), slope(1);
  SinhLaw(alpha).evaluate(G, V, I, slope);
  return {I[0], slope[0]};
}

Eigen::MatrixXd one(double value) {
  return Eigen::MatrixXd::Constant(1, 1, value);
}

}  // namespace

TEST_CASE("a sinh cell is exact for either sign up to the largest exponent", "[crossbar]") {
  for (const double x : {1e-9, 0.1, 1.0, 5.0, 20.0, 28.0, 38.0, 40.0, 300.0}) {
    for (const double sign : {1.0, -1.0}) {
      const auto [I, slope] = cell_at(2.0, sign * x / 2.0);
      INFO("alpha v = " << sign * x);
      CHECK(std::abs(I / (sign * std::sinh(x) / 2.0) - 1.0) < kRounding);
      CHECK(std::abs(slope / std::cosh(x) - 1.0) < kRounding);
    }
  }
}

TEST_CASE("one cell in series with its wires, from 1e-30 Ohm to the largest contrast",
          "[crossbar]") {
  for (int exponent = -30; exponent <= 30; exponent += 2) {
    const double R = std::pow(10.0, exponent);
    for (const double G : {1e-12, 1e-5, 1.0}) {
      if (R * G > 0.1 * kLargestContrast) continue;
      INFO("wire " << R << " Ohm, cell " << G << " S");
      // What contrast.hpp says of rounding, with a few roundings more.
      const double tolerance = kSolved + 1e-15 * R * G;
      const double expected = 1.0 / (2.0 * R + 1.0 / G);
      const Wiring wiring{.row = R, .column = R};
      const Operation solved = solve_vectors(one(G), wiring, one(0.5));
      CHECK(std::abs(solved.current(0, 0) / (0.5 * expected) - 1.0) < tolerance);
      CHECK(solved.summary.residual <= 1e-12);
      const Response response = solve_response(one(G), wiring);
      CHECK(std::abs(response.G_eff(0, 0) / expected - 1.0) < tolerance);
      CHECK(response_error(one(G), wiring, response.G_eff) < 1e-6);
    }
  }
}

TEST_CASE("wires and cells too far apart are refused, for rounding would answer", "[crossbar]") {
  CHECK_THROWS_AS(solve_vectors(one(1e-3), {.row = 1e12}, one(0.5)), InputError);
  CHECK_THROWS_AS(solve_vectors(one(1e-3), {.sense = 1e12}, one(0.5)), InputError);
  CHECK_THROWS_AS(solve_response(one(1e-3), {.driver = 1e12}), InputError);
  constexpr double open = std::numeric_limits<double>::infinity();
  CHECK(solve_vectors(one(1e-3), {.row = 1.0, .driver_per_line = {open}}, one(0.5)).current(0, 0) ==
        0.0);
}

TEST_CASE("what products of doubles cannot hold is refused", "[crossbar]") {
  for (const double R : {1e-320, 1e-31, 1e31, 1e308, -1.0, std::nan("")}) {
    INFO(R);
    CHECK_THROWS_AS(solve_vectors(one(1e-5), {.row = R}, one(0.2)), InputError);
    CHECK_THROWS_AS(solve_vectors(one(1e-5), {.sense = R}, one(0.2)), InputError);
    CHECK_THROWS_AS(solve_response(one(1e-5), {.column = R}), InputError);
    CHECK_THROWS_AS(solve_vectors(one(1e-5), {.driver = 1.0, .driver_per_line = {R}}, one(0.2)),
                    InputError);
  }
  for (const double odd : {1e-310, 1e-200, 1e200}) {
    CHECK_THROWS_AS(solve_vectors(one(odd), {.row = 1.0}, one(0.2)), InputError);
    CHECK_THROWS_AS(solve_vectors(one(1e-5), {.row = 1.0}, one(odd)), InputError);
  }
  // Dust beside a solvable number is only dust.
  Eigen::MatrixXd G(2, 1);
  G << 1e-5, 1e-200;
  CHECK(solve_vectors(G, {.row = 1.0}, Eigen::MatrixXd::Ones(2, 1)).current.allFinite());
}

TEST_CASE("an overflow is told and is no crash", "[crossbar]") {
  using Termination = Summary::Termination;
  for (const double alpha : {400.0, 5000.0, 1e30}) {
    for (const double R : {0.0, 1.0, 1e6}) {
      for (const Eigen::Index n : {1, 3}) {
        INFO("alpha " << alpha << ", wire " << R << ", " << n << " lines");
        const Eigen::MatrixXd G = Eigen::MatrixXd::Constant(n, n, 1e-5);
        const Operation solved = solve_nonlinear(
            G, alpha, {.row = R, .column = R}, Eigen::MatrixXd::Constant(n, 1, 1.0));
        const bool is_finite = solved.current.allFinite() && std::isfinite(solved.summary.residual);
        const bool is_told = solved.summary.termination == Termination::NotConverged;
        CHECK((is_finite || is_told));
        CHECK((is_told || solved.summary.residual <= 1e-12));
      }
    }
  }
}

TEST_CASE("the largest exponent is solved with every wire", "[crossbar]") {
  for (const double R : {0.0, 1e-3, 1.0, 1e4}) {
    const Eigen::MatrixXd G = test::random_cells(6, 5);
    const Eigen::MatrixXd V = test::random_inputs(6, 3, 1.0);
    const Operation solved = solve_nonlinear(G, kLargestExponent, {.row = R, .column = R}, V);
    INFO("wire " << R << ": " << solved.summary.message);
    CHECK(solved.summary.termination != Summary::Termination::NotConverged);
    CHECK(solved.current.allFinite());
  }
}

TEST_CASE("a residual that is no number is worse than any", "[crossbar]") {
  CHECK(worse(1.0, 2.0) == 2.0);
  CHECK(worse(2.0, 1.0) == 2.0);
  CHECK(std::isnan(worse(std::nan(""), 1.0)));
  CHECK(std::isnan(worse(1.0, std::nan(""))));
}

TEST_CASE("long narrow arrays respond as their vectors say", "[crossbar]") {
  constexpr Eigen::Index n = 2100;
  for (auto [rows, columns] : {std::pair<Eigen::Index, Eigen::Index>{n, 1}, {1, n}, {n, 3}}) {
    const Eigen::MatrixXd G = test::random_cells(rows, columns);
    for (const auto& [name, wiring] : test::all_wirings(std::size_t(rows), std::size_t(columns))) {
      INFO(rows << " x " << columns << ", " << name);
      const Response response = solve_response(G, wiring);
      REQUIRE(response.G_eff.rows() == rows);
      REQUIRE(response.G_eff.cols() == columns);
      CHECK(response_error(G, wiring, response.G_eff) < 1e-8);
    }
  }
}
