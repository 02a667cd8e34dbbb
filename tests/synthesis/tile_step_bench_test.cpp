// Settling of lines with capacitance, against RC closed forms.

#include "synthesis/tile_step_bench.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "engine/engine.hpp"
#include "netlist/deck.hpp"

using namespace memspice;
using synthesis::TileSpec;
using synthesis::TileStepOptions;

namespace {

engine::Waveforms run(const synthesis::TileStepBench& bench) {
  engine::Options spice;
  spice.workers = 1;
  spice.worker_program = std::string(MEMSPICE_BIN_DIR) + "/memspice-worker";
  spice.failed_deck_folder = "";
  return engine::make_ngspice_engine(spice)->run(
      netlist::write_deck(bench.circuit, bench.analysis));
}

/// When probe 0 first passes 1 - 1/e of its last value, after the step [s].
double time_constant(const engine::Waveforms& waves, double delay) {
  const Eigen::Index last = waves.axis.size() - 1;
  const double level = (1 - std::exp(-1.0)) * waves.values(last, 0);
  Eigen::Index k = 0;
  while (waves.values(k, 0) < level) ++k;
  const double part =
      (level - waves.values(k - 1, 0)) / (waves.values(k, 0) - waves.values(k - 1, 0));
  return waves.axis[k - 1] + part * (waves.axis[k] - waves.axis[k - 1]) - delay;
}

}  // namespace

TEST_CASE("a word line charges through its driver in the Elmore delay", "[synthesis]") {
  // The driver's 10 kOhm rule the wire's 16 Ohm: one pole, whose time constant is Elmore's delay;
  // cells of 1 nS take 1.6e-4 of it.
  constexpr double C = 20e-18;
  TileSpec spec{.name = "line", .G = Eigen::MatrixXd::Constant(1, 16, 1e-9)};
  spec.wiring = {.row = 1.0, .column = 1.0, .driver = 10e3, .sense = 10.0};
  const double tau = synthesis::elmore_delay(spec, C);
  CHECK(tau == Approx(C * (16 * 10e3 + 136 * 1.0 + 10.0 + 1.0)));
  const TileStepOptions step{.line_capacitance = C,
                             .delay = tau,
                             .rise = tau * 1e-3,
                             .duration = 12 * tau,
                             .max_step = tau / 20};
  const auto bench =
      synthesis::build_tile_step_bench(spec, Eigen::VectorXd::Constant(1, 0.2), step);
  const engine::Waveforms waves = run(bench);
  REQUIRE(waves.ok());
  CHECK(time_constant(waves, step.delay) == Approx(tau).epsilon(0.01));
  const Eigen::Index last = waves.axis.size() - 1;
  CHECK(waves.values(last, 0) == Approx(0.2e-9).epsilon(1e-3));  // 1 nS at 0.2 V
  // The source gives C V^2 to its 16 capacitors; the cells take 16 nS V^2 for 12 tau besides.
  double energy = 0.0;
  for (Eigen::Index k = 1; k <= last; ++k) {
    if (waves.axis[k] <= step.delay) continue;
    energy -= 0.2 * (waves.axis[k] - waves.axis[k - 1]) *
              (waves.values(k, 16) + waves.values(k - 1, 16)) / 2;
  }
  CHECK(energy == Approx(16 * C * 0.04 + 16e-9 * 0.04 * 12 * tau).epsilon(0.02));
}

TEST_CASE("a tile's step settles to its DC currents", "[synthesis]") {
  TileSpec spec{.name = "tile", .G = Eigen::MatrixXd::Constant(5, 3, 10e-6)};
  spec.G(2, 1) = 0.0;
  spec.wiring = {.row = 1.0, .column = 1.0, .driver = 0.0, .sense = 0.0};
  const TileStepOptions step{.line_capacitance = 20e-18,
                             .delay = 1e-14,
                             .rise = 1e-16,
                             .duration = 1e-12,
                             .max_step = 1e-14};
  const Eigen::VectorXd V = Eigen::VectorXd::LinSpaced(5, -0.1, 0.2);
  const engine::Waveforms waves = run(synthesis::build_tile_step_bench(spec, V, step));
  REQUIRE(waves.ok());
  const Eigen::VectorXd expected = spec.G.transpose() * V;
  for (Eigen::Index j = 0; j < 3; ++j) {
    // Wires of some ohms beside cells of 100 kOhm: within a part in a thousand.
    CHECK(waves.values(waves.axis.size() - 1, j) == Approx(expected[j]).epsilon(1e-3));
  }
}

TEST_CASE("step benches refuse what has no duration or does not fit", "[synthesis]") {
  const TileSpec spec{.name = "tile", .G = Eigen::MatrixXd::Constant(2, 2, 1e-6)};
  const TileStepOptions good{1e-17, 1e-12, 1e-14, 1e-11, 1e-13};
  const Eigen::VectorXd V = Eigen::VectorXd::Constant(2, 0.2);
  TileStepOptions bad = good;
  bad.line_capacitance = 0.0;
  CHECK_THROWS_WITH(build_tile_step_bench(spec, V, bad), Catch::Contains("line_capacitance"));
  CHECK_THROWS_AS(build_tile_step_bench(spec, V.head(1), good), InputError);
}
