#include "study/adc_settings.hpp"

#include <atomic>
#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "base/parallel.hpp"

using namespace memspice;
using simulate::Fidelity;
using study::AdcSettings;

TEST_CASE("a layer's ADCs are set once for each fidelity", "[study]") {
  AdcSettings settings;
  std::atomic<int> chosen{0};
  const auto choose = [&] { return simulate::AdcSetting{.range = ++chosen * 1e-6}; };
  parallel_for(2, 8, [&](std::size_t) { settings.of(0, Fidelity::Mesh, choose); });
  CHECK(settings.of(0, Fidelity::Mesh, choose).range == 1e-6);
  CHECK(settings.of(1, Fidelity::Mesh, choose).range == 2e-6);
  CHECK(settings.of(0, Fidelity::Ideal, choose).range == 3e-6);
  CHECK(chosen == 3);
}

TEST_CASE("a setting that could not be chosen is asked for again", "[study]") {
  AdcSettings settings;
  const auto fail = []() -> simulate::AdcSetting { throw Interrupted(); };
  CHECK_THROWS_AS(settings.of(0, Fidelity::Mesh, fail), Interrupted);
  CHECK(settings.of(0, Fidelity::Mesh, [] { return simulate::AdcSetting{.range = 1.0}; }).range ==
        1.0);
}
