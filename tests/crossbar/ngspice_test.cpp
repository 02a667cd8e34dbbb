// The solver against ngspice, which shares nothing with it but Ohm and Kirchhoff.

#include <catch2/catch.hpp>

#include "arrays.hpp"
#include "netlist/deck.hpp"
#include "support/batch_ngspice.hpp"
#include "synthesis/tile_circuit.hpp"

using namespace memspice;
using namespace memspice::crossbar;
using namespace memspice::test;

namespace {

/// n_bit_lines x n_vectors [A].
Eigen::MatrixXd ngspice_currents(const synthesis::TileSpec& spec, const Eigen::MatrixXd& V) {
  const synthesis::TileBench bench = synthesis::build_tile_bench(spec, V);
  const Eigen::MatrixXd values =
      run_batch_ngspice(netlist::write_deck(bench.circuit, bench.analysis));
  return values.leftCols(spec.G.cols()).transpose();
}

}  // namespace

TEST_CASE("Linear arrays agree with ngspice to 1e-8", "[crossbar][ngspice]") {
  // ngspice solves in double precision with partial pivoting on a matrix whose entries span the
  // cells' 1e-7 S to the wires' 2 S.
  constexpr double agreement = 1e-8;
  for (const int n : {16, 32}) {
    synthesis::TileSpec spec{.name = "linear", .G = random_cells(n, n, 1e-7, 1e-3)};
    spec.G(n / 2, n / 3) = 0.0;
    spec.wiring = {.row = 0.5, .column = 20.0, .driver = 0.0, .sense = 50.0};
    const Eigen::MatrixXd V = random_inputs(n, 3);
    const Eigen::MatrixXd expected = ngspice_currents(spec, V);
    CHECK(relative_error(solve_vectors(spec.G, spec.wiring, V).current, expected) < agreement);
    CHECK(relative_error(solve_response(spec.G, spec.wiring).G_eff.transpose() * V, expected) <
          agreement);
  }
}

TEST_CASE("Non-linear arrays agree with ngspice to 1e-6 up to 8 1/V and 1 V",
          "[crossbar][ngspice]") {
  const Eigen::MatrixXd V = random_inputs(32, 2, 1.0);
  for (const double alpha : {0.0, 1.0, 3.0, 8.0}) {
    INFO("alpha " << alpha);
    synthesis::TileSpec spec{.name = "bent", .G = random_cells(32, 32), .alpha = alpha};
    spec.wiring = {.row = 1.0, .column = 1.0, .driver = 100.0, .sense = 50.0};
    const Eigen::MatrixXd expected = ngspice_currents(spec, V);
    const Operation o = solve_nonlinear(spec.G, alpha, spec.wiring, V);
    for (Eigen::Index k = 0; k < V.cols(); ++k) {
      for (Eigen::Index j = 0; j < 32; ++j) {
        CHECK(std::abs(o.current(j, k) - expected(j, k)) <=
              1e-6 * expected.col(k).cwiseAbs().maxCoeff());
      }
    }
  }
}
