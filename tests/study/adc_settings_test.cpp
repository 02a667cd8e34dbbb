#include "study/adc_settings.hpp"

#include <atomic>
#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "base/parallel.hpp"

using namespace memspice;
using simulate::Fidelity;
using study::AdcSettings;

namespace {

simulate::AdcSetting setting_of(double range) {
  return {.ranges = {{Eigen::VectorXd::Constant(1, range)}}};
}

}  // namespace

TEST_CASE("a layer's ADCs are set once for each fidelity", "[study]") {
  AdcSettings settings;
  std::atomic<int> chosen{0};
  const auto choose = [&] { return setting_of(++chosen * 1e-6); };
  const auto range = [&](std::size_t layer, Fidelity fidelity) {
    return simulate::largest_range(settings.of(layer, fidelity, choose).ranges);
  };
  parallel_for(2, 8, [&](std::size_t) { settings.of(0, Fidelity::Mesh, choose); });
  CHECK(range(0, Fidelity::Mesh) == 1e-6);
  CHECK(range(1, Fidelity::Mesh) == 2e-6);
  CHECK(range(0, Fidelity::Ideal) == 3e-6);
  CHECK(chosen == 3);
}

TEST_CASE("a setting that could not be chosen is asked for again", "[study]") {
  AdcSettings settings;
  const auto fail = []() -> simulate::AdcSetting { throw Interrupted(); };
  CHECK_THROWS_AS(settings.of(0, Fidelity::Mesh, fail), Interrupted);
  const auto& asked = settings.of(0, Fidelity::Mesh, [] { return setting_of(1.0); });
  CHECK(simulate::largest_range(asked.ranges) == 1.0);
}
