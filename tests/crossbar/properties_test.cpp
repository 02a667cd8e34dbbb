// What every linear resistive array must obey, whatever solves it.

#include <catch2/catch.hpp>

#include "arrays.hpp"

using namespace memspice;
using namespace memspice::crossbar;
using namespace memspice::test;

namespace {

constexpr double rounding = 1e-11;

}  // namespace

TEST_CASE("Superposition: currents are linear in the inputs", "[crossbar][property]") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Eigen::MatrixXd G = random_cells(17, 11, 1e-6, 1e-3, seed);
    const Eigen::MatrixXd V = random_inputs(17, 2, 0.5, seed);
    const Wiring wiring{.row = 3.0, .column = 2.0, .driver = 40.0, .sense = 10.0};
    Eigen::MatrixXd all(17, 3);
    all << V, 2.0 * V.col(0) - 0.5 * V.col(1);
    const Eigen::MatrixXd I = solve_vectors(G, wiring, all).current;
    CHECK(relative_error(I.col(2), 2.0 * I.col(0) - 0.5 * I.col(1)) < rounding);
    CHECK(relative_error(I.leftCols(2), solve_response(G, wiring).G_eff.transpose() * V) <
          rounding);
  }
}

TEST_CASE("Reciprocity: the transposed array responds alike", "[crossbar][property]") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Eigen::MatrixXd G = random_cells(13, 22, 1e-6, 1e-3, seed);
    const Wiring wiring{.row = 3.0, .column = 2.0, .driver = 40.0, .sense = 10.0};
    // Drivers and senses change places: left becomes top, bottom becomes right.
    Wiring transposed{.row = 2.0, .column = 3.0, .driver = 10.0, .sense = 40.0};
    transposed.drive_side = WordLineSide::Right;
    transposed.sense_side = BitLineSide::Top;
    CHECK(relative_error(solve_response(G, wiring).G_eff,
                         solve_response(G.transpose(), transposed).G_eff.transpose()) < rounding);
  }
}

TEST_CASE("More wire never raises the current of positive inputs", "[crossbar][property]") {
  // The total power of a resistive network falls as any resistance rises (Rayleigh's
  // monotonicity law); with all inputs equal the total current is power over voltage.
  const Eigen::MatrixXd G = random_cells(24, 24, 1e-5, 1e-3);
  const Eigen::VectorXd V = Eigen::VectorXd::Ones(24);
  double before = (G.transpose() * V).sum();
  for (const double R : {0.0, 0.1, 1.0, 10.0, 100.0}) {
    const Eigen::MatrixXd G_eff = solve_response(G, {.row = R, .column = R}).G_eff;
    CHECK((G_eff.array() >= 0.0).all());
    const double total = (G_eff.transpose() * V).sum();
    CHECK(total <= before * (1.0 + rounding));
    before = total;
  }
}

TEST_CASE("Lines may be renumbered where their wires are ideal", "[crossbar][property]") {
  const Eigen::MatrixXd G = random_cells(9, 7, 1e-5, 1e-3);
  Eigen::PermutationMatrix<Eigen::Dynamic> order(9);
  order.setIdentity();
  for (int i = 0; i < 8; ++i) order.applyTranspositionOnTheRight(i, (5 * i + 3) % 9);
  // Without column wire the order of the word lines does not matter.
  const Wiring wiring{.row = 4.0, .driver = 20.0, .sense = 30.0};
  CHECK(relative_error(solve_response(order * G, wiring).G_eff,
                       order * solve_response(G, wiring).G_eff) < rounding);
}

TEST_CASE("Turning the array over turns the response over", "[crossbar][property]") {
  const Eigen::MatrixXd G = random_cells(21, 18, 1e-5, 1e-3);
  Wiring wiring{.row = 4.0, .column = 1.0, .driver = 20.0, .sense = 30.0};
  const Eigen::MatrixXd G_eff = solve_response(G, wiring).G_eff;
  wiring.drive_side = WordLineSide::Right;
  const Eigen::MatrixXd mirrored = G.rowwise().reverse();
  CHECK(relative_error(solve_response(mirrored, wiring).G_eff, G_eff.rowwise().reverse()) <
        rounding);
}
