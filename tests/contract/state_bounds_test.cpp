// Published parameter sets whose states run against a bound at rates that no time step resolves.

#include <catch2/catch.hpp>

#include "contract/user_model.hpp"
#include "device/memristor.hpp"
#include "device/trace_difference.hpp"

using namespace memspice;

namespace {

/// Behind 50 Ohm, one period at 1 kHz.
device::TraceOptions at(double amplitude) {
  return {.drive = {.amplitude = amplitude, .frequency = 1e3}, .series = 50.0};
}

}  // namespace

TEST_CASE("TEAM with a steep window keeps to its resistances", "[device]") {
  const auto engine = testing::one_worker();
  config::Overrides card{"r_on=50 Ohm",
                         "r_off=1000 Ohm",
                         "w_on=0 m",
                         "w_off=3e-9 m",
                         "k_off=1.46e-18 m/s",
                         "k_on=-4.68e-22 m/s",
                         "i_on=-8.9e-6 A",
                         "i_off=115e-6 A",
                         "alpha_on=10",
                         "alpha_off=10",
                         "window=exponential",
                         "a_on=0 m",
                         "a_off=3e-9 m",
                         "w_c=1e-12 m",
                         "x_init=0"};
  for (const char* edge : {"edge=1e-4", "edge=1e-3", "edge=0.02", "edge=0.5"}) {
    config::Overrides sets = card;
    sets.emplace_back(edge);
    const auto model = config::load_model_card("team", "generic", sets);
    const device::Trace spice =
        periphery::trace_in_spice(config::device_under_test(model), at(1.0), *engine);
    INFO(edge << ' ' << spice.summary.message);
    REQUIRE(spice.ok());
    CHECK(spice.resistance.minCoeff() > 50.0 * (1 - 1e-6));
    CHECK(spice.resistance.maxCoeff() < 1000.0 * (1 + 1e-6));
    const device::Trace ours = device::trace(*device::make_memristor(model.card), at(1.0));
    REQUIRE(ours.ok());
    const auto difference = device::compare(ours, spice, at(1.0).drive);
    CHECK(difference.state < 1e-3);
    CHECK(difference.current < 1e-3);
  }
}

TEST_CASE("the TiO2 device of Pickett runs in ngspice at any drive", "[device]") {
  const auto engine = testing::one_worker();
  const auto model = config::load_model_card("team", "pickett_tio2");
  for (const double amplitude : {0.3, 1.0, 2.0}) {
    const device::Trace spice =
        periphery::trace_in_spice(config::device_under_test(model), at(amplitude), *engine);
    INFO(amplitude << " V: " << spice.summary.message);
    REQUIRE(spice.ok());
    CHECK(spice.resistance.minCoeff() > 100.0 * (1 - 1e-5));
    CHECK(spice.resistance.maxCoeff() < 2500.0 * (1 + 1e-5));
    const device::Trace ours = device::trace(*device::make_memristor(model.card), at(amplitude));
    INFO(ours.summary.message);
    REQUIRE(ours.ok());
    CHECK(device::compare(ours, spice, at(amplitude).drive).current < 5e-3);
  }
}
