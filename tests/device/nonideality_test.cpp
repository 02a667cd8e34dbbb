#include "device/nonideality.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "device/phase_change.hpp"

using namespace memspice;
using namespace memspice::device;

namespace {

std::string message_of(const NonidealityOptions& options) {
  try {
    options.validate("nonideality");
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

/// Defaults with one change.
template <typename Change>
std::string message_after(Change change) {
  NonidealityOptions options;
  change(options);
  return message_of(options);
}

}  // namespace

TEST_CASE("every effect is off until a figure turns it on", "[nonideality]") {
  NonidealityOptions options;
  CHECK_FALSE(options.any());
  CHECK(describe(options).empty());
  CHECK(message_of(options) == "accepted");
  options.drift.law = Drift::Law::PhaseChange;
  CHECK(options.any());
  options = {};
  options.programming.law = ProgrammingError::Law::PhaseChange;
  CHECK(options.any());
  options = {};
  options.read_noise.telegraph_amplitude = 0.1;
  CHECK_FALSE(options.any());  // no trap is ever occupied
  options.read_noise.telegraph_probability = 0.1;
  CHECK(options.any());
  CHECK(describe(options).size() == 1);
}

TEST_CASE("the phase-change laws take their published values", "[nonideality]") {
  constexpr double g_max = 25e-6;
  // Joshi et al. 2020: in uS at g_max = 25 uS, the polynomial itself.
  CHECK(phase_change_programming_sigma(0.0, g_max) == Approx(0.26348e-6).epsilon(1e-12));
  CHECK(phase_change_programming_sigma(g_max, g_max) ==
        Approx((0.26348 + 1.9650 - 1.1731) * 1e-6).epsilon(1e-12));
  CHECK(phase_change_programming_sigma(0.5 * g_max, g_max) ==
        Approx((0.26348 + 0.98250 - 0.293275) * 1e-6).epsilon(1e-12));
  // Scaled with the window.
  CHECK(phase_change_programming_sigma(g_max, 2.0 * g_max) ==
        Approx(2.0 * phase_change_programming_sigma(0.5 * g_max, g_max)).epsilon(1e-12));
  // Clamps: at g = 1, ln g = 0 leaves 0.0244 < 0.049 and -0.0059 < 0.008; far below, 0.1 and 0.045.
  CHECK(phase_change_drift(g_max, g_max).mean == 0.049);
  CHECK(phase_change_drift(g_max, g_max).sigma == 0.008);
  CHECK(phase_change_drift(0.0, g_max).mean == 0.1);
  CHECK(phase_change_drift(0.0, g_max).sigma == 0.045);
  // Between them: at ln g = -3 the laws give 0.0709 and 0.0316.
  const auto between = phase_change_drift(g_max * std::exp(-3.0), g_max);
  CHECK(between.mean == Approx(0.0709).epsilon(1e-12));
  CHECK(between.sigma == Approx(0.0316).epsilon(1e-12));
}

TEST_CASE("figures out of their range name place, value, rule and remedy", "[nonideality]") {
  using Catch::Matchers::Contains;
  CHECK(message_after([](auto& o) { o.device_to_device.sigma = -0.1; }) ==
        "nonideality.device_to_device.sigma: -0.1: must be 0 to 3; give a share, not per cent: "
        "0.05 is 5 %");
  CHECK_THAT(message_after([](auto& o) { o.device_to_device.sigma = std::nan(""); }),
             Contains("device_to_device.sigma"));
  CHECK_THAT(message_after([](auto& o) { o.cycle_to_cycle.sigma = 5.0; }),
             Contains("cycle_to_cycle.sigma: 5: must be 0 to 3"));
  CHECK_THAT(message_after([](auto& o) { o.programming.sigma = -1e-6; }),
             Contains("programming.sigma") && Contains("zero or positive"));
  CHECK_THAT(message_after([](auto& o) { o.programming.relative_sigma = 2.0; }),
             Contains("programming.relative_sigma: 2: must be 0 to 1"));
  CHECK_THAT(message_after([](auto& o) {
               o.programming.sigma = 1e-6;
               o.programming.relative_sigma = 0.1;
             }),
             Contains("say the same"));
  CHECK_THAT(message_after([](auto& o) {
               o.programming.law = ProgrammingError::Law::PhaseChange;
               o.programming.sigma = 1e-6;
             }),
             Contains("programming.sigma") && Contains("sigma of its own"));
  CHECK_THAT(message_after([](auto& o) { o.stuck.on = 1.5; }), Contains("stuck.on: 1.5"));
  CHECK_THAT(message_after([](auto& o) {
               o.stuck.on = 0.7;
               o.stuck.off = 0.4;
             }),
             Contains("stuck.off: 0.4") && Contains("at most 1 together"));
  CHECK_THAT(message_after([](auto& o) { o.stuck.on_conductance = -1.0; }),
             Contains("stuck.on_conductance"));
  CHECK_THAT(message_after([](auto& o) { o.read_noise.relative_sigma = 1.1; }),
             Contains("read_noise.relative_sigma"));
  CHECK_THAT(message_after([](auto& o) { o.read_noise.telegraph_amplitude = 0.1; }),
             Contains("add telegraph_probability"));
  CHECK_THAT(message_after([](auto& o) { o.read_noise.telegraph_probability = 0.1; }),
             Contains("add telegraph_amplitude"));
  CHECK_THAT(message_after([](auto& o) { o.opens.word_lines = -1.0; }),
             Contains("opens.word_lines"));
  CHECK_THAT(message_after([](auto& o) { o.opens.bit_lines = 2.0; }), Contains("opens.bit_lines"));
}

TEST_CASE("drift needs rising times from t0 on", "[nonideality]") {
  using Catch::Matchers::Contains;
  const auto with_times = [](std::vector<double> times) {
    return message_after([&](auto& o) {
      o.drift.nu = 0.05;
      o.drift.t0 = 10.0;
      o.drift.times = times;
    });
  };
  CHECK(with_times({10.0, 20.0}) == "accepted");
  CHECK_THAT(with_times({}), Contains("drift.times") && Contains("is missing"));
  CHECK_THAT(with_times({1.0, 20.0}), Contains("drift.times: 1: must rise, from t0 = 10 s"));
  CHECK_THAT(with_times({20.0, 20.0}), Contains("must rise"));
  CHECK_THAT(with_times({20.0, std::numeric_limits<double>::infinity()}), Contains("must rise"));
  CHECK_THAT(message_after([](auto& o) { o.drift.times = {1.0}; }), Contains("nothing drifts"));
  CHECK_THAT(message_after([](auto& o) { o.drift.t0 = 0.0; }), Contains("drift.t0"));
  CHECK_THAT(message_after([](auto& o) { o.drift.nu = 1.5; }), Contains("drift.nu: 1.5"));
  CHECK_THAT(message_after([](auto& o) {
               o.drift.law = Drift::Law::PhaseChange;
               o.drift.nu_sigma = 0.1;
               o.drift.times = {1.0};
             }),
             Contains("drift.nu_sigma") && Contains("exponents of its own"));
}
