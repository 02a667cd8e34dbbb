// Every dynamic model through both engines: the subcircuit in ngspice and the C++ class integrated
// by memspice must draw the same curves.

#include <catch2/catch.hpp>
#include <cmath>

#include "config/memristor_card.hpp"
#include "device/memristor.hpp"
#include "flow/compare_engines.hpp"

using namespace memspice;

namespace {

/// What the two engines are held to, of full scale; measured: below 0.05 %.
constexpr double kAgreement = 0.005;

/// What the rounding of thresholds and bounds may move a curve from the published equations, of
/// full scale; measured: below 0.06 %. It grows with the square of `smooth`: 0.05 gave 1.6 %.
constexpr double kSmoothing = 0.001;

std::unique_ptr<engine::Engine> one_worker() {
  engine::Options options;
  options.workers = 1;
  options.failed_deck_folder.clear();
  return engine::make_ngspice_engine(options);
}

periphery::DeviceUnderTest device_of(const std::string& model, const std::string& card) {
  return {config::load_memristor_card(model, card), config::subcircuit_file(model, card)};
}

}  // namespace

TEST_CASE("both engines agree on every model under sine, triangle and pulse", "[device]") {
  const auto engine = one_worker();
  const auto table = flow::compare_engines(*engine);
  CHECK(table.size() >= 6 * 3);
  for (const flow::EngineAgreement& row : table) {
    INFO(row.model << ' ' << row.card << ' ' << row.drive << ' ' << row.failure);
    CHECK(row.failure.empty());
    CHECK(row.difference.current < kAgreement);
    CHECK(row.difference.state < kAgreement);
    CHECK(row.unsmoothed.current < kSmoothing);
    CHECK(row.unsmoothed.state < kSmoothing);
    // The shift in time may excuse edges, not the curve.
    CHECK(row.difference.edge_share < 0.1);
  }
}

TEST_CASE("ngspice's loops are pinched at zero and close as the frequency rises", "[device]") {
  const auto engine = one_worker();
  const auto device = device_of("yakopcic", "oblea_ag_chalcogenide");
  device::TraceOptions options;
  options.drive = {.amplitude = 0.5, .frequency = 100.0, .cycles = 2};
  const device::Trace slow = periphery::trace_in_spice(device, options, *engine);
  REQUIRE(slow.ok());
  const double full_scale = slow.current.cwiseAbs().maxCoeff();
  for (const int k : {0, 250, 500, 750, 1000}) {
    CHECK(std::abs(slow.current(k)) < 1e-4 * full_scale);
  }
  options.drive.frequency = 1e4;
  const double area = device::loop_area(periphery::trace_in_spice(device, options, *engine));
  options.drive.frequency = 1e5;
  const double area_above = device::loop_area(periphery::trace_in_spice(device, options, *engine));
  // Above every rate the area falls as 1/f: a factor of 10, with room for the first cycle's drift.
  CHECK(area_above < area / 5.0);
}

TEST_CASE("every shipped dynamic card traces in both engines through a series resistor",
          "[device]") {
  const auto engine = one_worker();
  for (const std::string& model : device::memristor_models()) {
    if (model == "static_read") continue;  // at rest: it has no state to trace
    for (const std::string& card : config::shipped_cards(model)) {
      const auto device = device_of(model, card);
      device::TraceOptions options;
      options.drive = {.amplitude = 0.1, .frequency = 1e3};
      options.series = 1e3;
      options.points = 501;
      const device::Trace ours = device::trace(*device::make_memristor(device.card), options);
      const device::Trace spice = periphery::trace_in_spice(device, options, *engine);
      INFO(model << ' ' << card << ' ' << spice.summary.message);
      REQUIRE(ours.ok());
      REQUIRE(spice.ok());
      CHECK(device::compare(ours, spice, options.drive).current < kAgreement);
    }
  }
}
