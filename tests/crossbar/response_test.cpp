// The nested dissection at sizes that use every part of it, with every instruction set.

#include "crossbar/response.hpp"

#include <catch2/catch.hpp>

#include "arrays.hpp"
#include "base/vectors.hpp"

using namespace memspice;
using namespace memspice::crossbar;
using namespace memspice::test;

namespace {

// Currents are sums of positive terms; the ports' own conductances lose a few digits to
// cancellation as sub-arrays join, which these sizes show to stay below this.
constexpr double dissection_tolerance = 1e-11;

Eigen::MatrixXd sparse_response(const Eigen::MatrixXd& G, const Wiring& wiring) {
  const Eigen::MatrixXd unit = Eigen::MatrixXd::Identity(G.rows(), G.rows());
  return solve_vectors(G, wiring, unit).current.transpose();
}

Wiring wiring_of(WordLineSide drive, BitLineSide sense) {
  Wiring wiring{.row = 2.0, .column = 3.0, .driver = 50.0, .sense = 20.0};
  wiring.drive_side = drive;
  wiring.sense_side = sense;
  return wiring;
}

}  // namespace

TEST_CASE("The response of large arrays matches vector solves", "[crossbar]") {
  const std::vector<std::pair<int, int>> shapes = {
      {1, 40}, {40, 1}, {9, 17}, {13, 64}, {33, 70}, {70, 33}, {64, 64}};
  for (const auto& [n, m] : shapes) {
    Eigen::MatrixXd G = random_cells(n, m);
    G(n / 2, m / 2) = 0.0;
    for (const auto drive : {WordLineSide::Left, WordLineSide::Right, WordLineSide::Both}) {
      for (const auto sense : {BitLineSide::Bottom, BitLineSide::Top, BitLineSide::Both}) {
        INFO(n << " x " << m << " sides " << int(drive) << "/" << int(sense));
        const Wiring wiring = wiring_of(drive, sense);
        CHECK(relative_error(solve_response(G, wiring).G_eff, sparse_response(G, wiring)) <
              dissection_tolerance);
      }
    }
  }
}

TEST_CASE("Open lines and floating groups are exact in the dissection", "[crossbar]") {
  const int n = 20;
  const int m = 24;
  Eigen::MatrixXd G = random_cells(n, m);
  // Word line 4 and bit line 7 are open and see only each other: a floating group.
  G.row(4).setZero();
  G.col(7).setZero();
  G(4, 7) = 1e-4;
  Wiring wiring = wiring_of(WordLineSide::Left, BitLineSide::Bottom);
  wiring.driver_per_line.assign(n, 10.0);
  wiring.sense_per_line.assign(m, 10.0);
  wiring.driver_per_line[4] = wiring.driver_per_line[11] = std::numeric_limits<double>::infinity();
  wiring.sense_per_line[7] = wiring.sense_per_line[3] = std::numeric_limits<double>::infinity();
  const Eigen::MatrixXd G_eff = solve_response(G, wiring).G_eff;
  CHECK(G_eff.row(4) == Eigen::RowVectorXd::Zero(m));
  CHECK(G_eff.row(11) == Eigen::RowVectorXd::Zero(m));
  CHECK(G_eff.col(3) == Eigen::VectorXd::Zero(n));
  CHECK(relative_error(G_eff, sparse_response(G, wiring)) < dissection_tolerance);
}

TEST_CASE("Every instruction set gives the same response", "[crossbar]") {
  // Sizes that leave padding in the fronts' last blocks, and lanes without a sub-array.
  const std::vector<std::string> sets = vector_sets();
  for (const auto& [n, m] : std::vector<std::pair<int, int>>{{19, 45}, {64, 64}}) {
    const Eigen::MatrixXd G = random_cells(n, m);
    const Wiring wiring = wiring_of(WordLineSide::Both, BitLineSide::Top);
    const Eigen::MatrixXd expected = sparse_response(G, wiring);
    for (const std::string& set : sets) {
      INFO(set << ", " << n << " x " << m);
      limit_vectors(set, "test");
      CHECK(relative_error(solve_response(G, wiring).G_eff, expected) < dissection_tolerance);
      CHECK(relative_error(sparse_response(G, wiring), expected) < dissection_tolerance);
    }
    limit_vectors(sets.front(), "test");
  }
}
