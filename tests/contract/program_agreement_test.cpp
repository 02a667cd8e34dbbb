// Write-verify of a 4 x 4 array, closed loop in both engines: memspice's array solvers and ngspice
// with the device's own subcircuit at every crossing.

#include <catch2/catch.hpp>
#include <cmath>

#include "config/memristor_card.hpp"
#include "crossbar/cross_array.hpp"
#include "crossbar/full_array.hpp"
#include "crossbar/program_array.hpp"
#include "netlist/model_text.hpp"
#include "synthesis/program_bench.hpp"

using namespace memspice;

namespace {

/// What final conductances are held to. The loops are closed apart from each other and both see the
/// same pulses move the cells alike: measured 0.1 %.
constexpr double kProgramAgreement = 0.01;

struct Case {
  std::string model, card;
  crossbar::BiasScheme scheme;
  crossbar::ProgramOptions options;
  crossbar::Wiring wiring;
  double low, high, initial;  ///< conductances [S]
};

Case hfox(crossbar::BiasScheme scheme) {
  Case bench{.model = "stanford_rram",
             .card = "hfox_jiang_2014",
             .scheme = scheme,
             .options = {},
             .wiring = {.row = 5.0, .column = 5.0, .driver = 100.0, .sense = 10.0},
             .low = 5e-6,
             .high = 50e-6,
             .initial = 8e-6};
  bench.options.write.positive =
      bench.options.write.negative = {.start = 0.95, .step = 0.05, .limit = 2.0};
  bench.options.write.relative_tolerance = 0.01;
  return bench;
}

Case threshold(crossbar::BiasScheme scheme) {
  Case bench = hfox(scheme);
  bench.model = "threshold";
  bench.card = "biolek_r2";
  bench.low = 2e-4;
  bench.high = 6e-4;
  bench.initial = 3e-4;
  bench.wiring.driver = 1.0;
  bench.wiring.row = bench.wiring.column = 0.1;
  bench.options.write.positive =
      bench.options.write.negative = {.start = 4.65, .step = 0.05, .limit = 10.0};
  bench.options.write.width = 3e-11;
  bench.options.write.relative_tolerance = 0.005;
  return bench;
}

/// A checkerboard of rising and falling targets.
Eigen::MatrixXd targets(const Case& bench, int n) {
  Eigen::MatrixXd G(n, n);
  for (int k = 0; k < n * n; ++k) {
    G(k) = bench.low + (bench.high - bench.low) * ((5 * k) % (n * n)) / (n * n - 1.0);
  }
  return G;
}

double largest_difference(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
  return (a.array() / b.array() - 1.0).abs().maxCoeff();
}

void check(const Case& bench, int n, engine::Engine& engine) {
  const synthesis::DynamicCell dynamic{.card = config::load_memristor_card(bench.model, bench.card),
                                       .definition = netlist::read_definition_file(
                                           config::subcircuit_file(bench.model, bench.card))};
  const auto cell = device::make_memristor(dynamic.card);
  const crossbar::PulsedArraySpec spec{
      .cell = cell.get(), .wiring = bench.wiring, .scheme = bench.scheme, .transistor = 1e3};
  const Eigen::MatrixXd target = targets(bench, n);
  const Eigen::MatrixXd x = Eigen::MatrixXd::Constant(n, n, cell->state_of(bench.initial));
  const auto write = [&](crossbar::PulsedArray& array) {
    return crossbar::program_array(array, *cell, target, bench.options);
  };
  const auto spice = write(*synthesis::make_spice_array(dynamic, spec, x, engine));
  const auto full = write(*crossbar::make_full_array(spec, x));
  const auto fast = write(*crossbar::make_cross_array(spec, x));
  INFO(bench.model << ' ' << crossbar::name_of(bench.scheme) << ": " << spice.pulses.sum()
                   << " pulses, reference " << largest_difference(full.G, spice.G) << ", fast "
                   << largest_difference(fast.G, spice.G) << ' ' << spice.message);
  REQUIRE(spice.message.empty());
  CHECK(spice.failed() == 0);
  CHECK(spice.pulses.sum() > n * n);
  CHECK(largest_difference(full.G, spice.G) < kProgramAgreement);
  CHECK(largest_difference(fast.G, spice.G) < kProgramAgreement);
  CHECK(std::abs(full.energy.sum() / spice.energy.sum() - 1.0) < kProgramAgreement);
}

std::unique_ptr<engine::Engine> single_worker() {
  engine::Options options;
  options.workers = 1;
  options.recycle_after = 1000;
  options.failed_deck_folder.clear();
  return engine::make_ngspice_engine(options);
}

}  // namespace

TEST_CASE("ngspice and memspice write a 4 x 4 array alike under V/2", "[program]") {
  check(hfox(crossbar::BiasScheme::Half), 4, *single_worker());
}

TEST_CASE("ngspice and memspice write alike under V/3 and 1T1R, and another model", "[program]") {
  const auto engine = single_worker();
  check(hfox(crossbar::BiasScheme::Third), 2, *engine);
  check(hfox(crossbar::BiasScheme::Gated), 2, *engine);
  check(threshold(crossbar::BiasScheme::Half), 2, *engine);
}
