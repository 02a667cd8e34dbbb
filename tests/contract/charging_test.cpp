// Arrays whose lines charge: our own integration with every node held to ngspice, against one
// ngspice transient, and at a size that has none.

#include <catch2/catch.hpp>
#include <cmath>

#include "engine/engine.hpp"
#include "netlist/deck.hpp"
#include "support/random_matrix.hpp"
#include "synthesis/tile_step_bench.hpp"
#include "tile/charging_certificate.hpp"

using namespace memspice;

namespace {

constexpr double kLineCapacitance = 18e-18, kLevel = 0.2;
constexpr int kBits = 8;
/// Half an LSB, which the integration is asked for.
const double kHalfLsb = std::ldexp(1.0, -kBits - 1);
/// Of half an LSB: our steps take a tenth at most (tests/crossbar/charging_test.cpp), and what is
/// linear between ngspice's points, where currents rise within a hundredth of the run, as much.
constexpr double kSameCharging = 0.15, kDirectSteps = 2000;
/// ngspice's tolerance of a pinned current is 1e-9; all drivers together charge lines with up to a
/// thousand times an output.
constexpr double kHeldResidual = 1e-7;

std::unique_ptr<engine::Engine> charging_engine() {
  engine::Options options;
  options.workers = 1;
  options.failed_deck_folder.clear();
  return engine::make_ngspice_engine(options);
}

synthesis::TileSpec charging_spec(int lines, double alpha) {
  return {.name = "charging",
          .G = test::random_matrix(lines, lines, 2e-6, 20e-6, "charging tile"),
          .alpha = alpha,
          .wiring = {.row = 2.5, .column = 2.5, .driver = 100.0, .sense = 50.0}};
}

crossbar::ChargingOptions charging_options(double rise) {
  return {.line_capacitance = kLineCapacitance, .rise = rise, .tolerance = kHalfLsb};
}

/// Bit-line currents at `t`, linear between points.
Eigen::VectorXd currents_at(const engine::Waveforms& waves, Eigen::Index lines, double t) {
  Eigen::Index k = 1;
  while (k + 1 < waves.axis.size() && waves.axis[k] < t) ++k;
  const double share = (t - waves.axis[k - 1]) / (waves.axis[k] - waves.axis[k - 1]);
  const Eigen::MatrixXd I = waves.values.leftCols(lines);
  return (I.row(k - 1) + share * (I.row(k) - I.row(k - 1))).transpose();
}

}  // namespace

TEST_CASE("a charging 8 x 8 array is the one of ngspice's own transient", "[engine][charging]") {
  const auto engine = charging_engine();
  const double alpha = GENERATE(0.0, 4.0);
  const synthesis::TileSpec spec = charging_spec(8, alpha);
  const double run = 3 * synthesis::elmore_delay(spec, kLineCapacitance) * std::log(512.0);
  const synthesis::TileStepOptions step{.line_capacitance = kLineCapacitance,
                                        .delay = run / 20,
                                        .rise = run / 1000,
                                        .duration = run,
                                        .max_step = run / kDirectSteps};
  const Eigen::VectorXd V = Eigen::VectorXd::LinSpaced(8, 0.05, kLevel);
  const auto bench = synthesis::build_tile_step_bench(spec, V, step);
  const engine::Waveforms direct = engine->run(netlist::write_deck(bench.circuit, bench.analysis));
  REQUIRE(direct.ok());
  const auto [charging, certificate] =
      tile::charge_tile(spec, V, charging_options(step.rise), engine.get());
  REQUIRE(certificate);
  CHECK(certificate->relative < kHeldResidual);
  CHECK(certificate->evaluations == charging.t.size());
  const double full_scale = charging.I_rest.cwiseAbs().maxCoeff();
  double off = 0.0;
  for (Eigen::Index k = 0; k < charging.t.size(); ++k) {
    const Eigen::VectorXd I = currents_at(direct, 8, step.delay + charging.t[k]);
    off = std::max(off, (charging.I.col(k) - I).cwiseAbs().maxCoeff());
  }
  INFO("alpha " << alpha << ": " << charging.t.size() << " steps, off by "
                << off / (kHalfLsb * full_scale) << " of half an LSB, residual "
                << certificate->relative);
  CHECK(off < kSameCharging * kHalfLsb * full_scale);
}

TEST_CASE("a wire or a capacitance that is off shows in what ngspice leaves",
          "[engine][charging]") {
  const auto engine = charging_engine();
  const synthesis::TileSpec spec = charging_spec(6, 0.0);
  synthesis::TileSpec wire_off = spec;
  wire_off.wiring.driver_per_line = {100.0, 101.0, 100.0, 100.0, 100.0, 100.0};
  const Eigen::VectorXd V = Eigen::VectorXd::Constant(6, kLevel);
  const auto residual = [&](const synthesis::TileSpec& held_spec, double C) {
    tile::HeldCharging held(held_spec, V, C, *engine);
    const crossbar::Charging charging =
        crossbar::charge_array(spec.G,
                               crossbar::OhmicLaw(),
                               spec.wiring,
                               V,
                               charging_options(1e-15),
                               [&](const auto& sample) { held.take(sample); });
    return held.finish(charging.I_rest.maxCoeff()).relative;
  };
  CHECK(residual(spec, kLineCapacitance) < kHeldResidual);
  // One driver of six lines, or every capacitor, gives a hundredth too little of a current that is
  // larger than an output while lines charge.
  CHECK(residual(wire_off, kLineCapacitance) > 1e-2);
  CHECK(residual(spec, 1.01 * kLineCapacitance) > 1e-2);
}

TEST_CASE("a 64 x 64 array charges in seconds, held to ngspice", "[engine][charging]") {
  const auto engine = charging_engine();
  const synthesis::TileSpec spec = charging_spec(64, 0.0);
  const double elmore = synthesis::elmore_delay(spec, kLineCapacitance);
  const auto [charging, certificate] = tile::charge_tile(
      spec, Eigen::VectorXd::Constant(64, kLevel), charging_options(elmore / 100), engine.get());
  REQUIRE(certificate);
  const double settling = charging.settling(kHalfLsb * charging.I_rest.maxCoeff());
  INFO("64 x 64: settled in " << settling << " s (Elmore estimate " << elmore * std::log(512.0)
                              << "), " << charging.summary.message << ", ours "
                              << charging.summary.seconds - certificate->seconds << " s, ngspice "
                              << certificate->seconds << " s, residual " << certificate->relative);
  CHECK(certificate->relative < kHeldResidual);
  // A line of distributed R and C settles sooner than one pole of its Elmore delay would.
  CHECK(settling < elmore * std::log(512.0));
  CHECK(settling > elmore);
}
