#include "device/fit_measurement.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <map>

#include "base/error.hpp"
#include "support/made_up_device.hpp"

using namespace memspice;
using namespace memspice::device;
using Catch::Matchers::Contains;
using test::MadeUpDevice;

namespace {

DeviceFit fit_text(const std::string& csv, const std::string& kind = {}) {
  return fit_measurement(read_measurement(csv, "data.csv", kind), "data.csv");
}

double value_of_figure(const DeviceFit& fit, const std::string& key) {
  const FittedFigure* figure = fit.find(key);
  INFO(key);
  REQUIRE(figure != nullptr);
  return figure->value;
}

using Measure = std::string (*)(const MadeUpDevice&, RandomStream);

constexpr int kSeeds = 200;
/// Of 200 intervals of 95 %, fewer than 181 hold the truth with a probability of 0.2 % (binomial,
/// mean 190, deviation 3.1), and 200 of them with one of 0.004 %.
constexpr int kFewest = 181, kMost = 199;

/// In how many of the seeds each interval holds the truth.
std::map<std::string, int> covered(Measure measure, const std::map<std::string, double>& truth) {
  const MadeUpDevice device;
  std::map<std::string, int> inside;
  for (int seed = 0; seed < kSeeds; ++seed) {
    const DeviceFit fit =
        fit_text(measure(device, RandomStream(static_cast<std::uint64_t>(seed), "made up")));
    for (const auto& [key, value] : truth) {
      const FittedFigure* figure = fit.find(key);
      inside[key] += figure != nullptr && figure->confidence->holds(value);
    }
  }
  return inside;
}

void check_coverage(Measure measure, const std::map<std::string, double>& truth) {
  for (const auto& [key, inside] : covered(measure, truth)) {
    INFO(key << ": " << inside << " of " << kSeeds);
    CHECK(inside >= kFewest);
    CHECK(inside <= kMost);
  }
}

std::string message_of_fit(const std::string& csv, const std::string& kind = {}) {
  try {
    fit_text(csv, kind);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("figures of read sweeps lie in their intervals 95 times of 100", "[fit]") {
  check_coverage(test::measure_sweeps,
                 {{"alpha", MadeUpDevice{}.alpha},
                  {"nonideality.cycle_to_cycle.sigma", MadeUpDevice{}.cycle_sigma},
                  {"nonideality.device_to_device.sigma", MadeUpDevice{}.device_sigma}});
}

TEST_CASE("figures of programmed tables lie in their intervals 95 times of 100", "[fit]") {
  check_coverage(test::measure_programmed,
                 {{"nonideality.programming.sigma", MadeUpDevice{}.programming_sigma}});
}

TEST_CASE("figures of retention lie in their intervals 95 times of 100", "[fit]") {
  check_coverage(test::measure_retention,
                 {{"nonideality.drift.nu", MadeUpDevice{}.nu},
                  {"nonideality.drift.nu_sigma", MadeUpDevice{}.nu_sigma}});
}

TEST_CASE("figures of spread lie in their intervals 95 times of 100", "[fit]") {
  check_coverage(test::measure_spread,
                 {{"nonideality.cycle_to_cycle.sigma", MadeUpDevice{}.cycle_sigma},
                  {"nonideality.device_to_device.sigma", MadeUpDevice{}.device_sigma}});
}

TEST_CASE("a device without noise comes back to the digits of the search", "[fit]") {
  const MadeUpDevice exact{.current_noise = 0.0, .device_sigma = 0.0, .cycle_sigma = 0.0};
  const DeviceFit fit = fit_text(test::measure_sweeps(exact, RandomStream(1, "exact")));
  CHECK(value_of_figure(fit, "alpha") == Approx(exact.alpha).epsilon(1e-7));
  CHECK(value_of_figure(fit, "g_min") == Approx(exact.g_min).epsilon(1e-9));
  CHECK(value_of_figure(fit, "g_max") == Approx(exact.g_max).epsilon(1e-9));
  CHECK(value_of_figure(fit, "levels") == 8.0);
}

TEST_CASE("sweeps that are straight have no curvature", "[fit]") {
  // 40 points of I = 10 uS v: the interval of alpha begins at 0.
  std::string csv = "voltage_V,current_A\n";
  RandomStream random(5, "straight");
  for (int k = 1; k <= 40; ++k) {
    csv += test::csv_row({0.01 * k, 1e-7 * k * (1.0 + 0.01 * random.normal())});
  }
  const DeviceFit fit = fit_text(csv);
  CHECK(fit.find("alpha")->confidence->low == 0.0);
  CHECK_THAT(fit.notes.front(), Contains("No curvature"));
  CHECK(fit.find("g_min") == nullptr);  // one state tells no window
  REQUIRE_FALSE(fit.undetermined.empty());
  CHECK_THAT(fit.undetermined.front().why, Contains("one state was measured, of"));
}

TEST_CASE("a curvature that changes with G is told", "[fit]") {
  // alpha from 3 1/V at 2 uS to 1 1/V at 32 uS, its square along ln G.
  std::string csv = "state,voltage_V,current_A\n";
  RandomStream random(6, "bent");
  for (int state = 0; state <= 4; ++state) {
    const double G = 2e-6 * std::pow(2.0, state);
    const double alpha = std::sqrt(9.0 - 2.0 * state);
    for (int k = 1; k <= 20; ++k) {
      const double v = 0.03 * k;
      csv += test::csv_row(
          {double(state), v, G * std::sinh(alpha * v) / alpha * (1.0 + 2e-3 * random.normal())});
    }
  }
  const DeviceFit fit = fit_text(csv);
  CHECK_THAT(fit.notes.front(),
             Contains("curvature changes with G") && Contains("alpha = 3") && Contains("1 1/V"));
}

TEST_CASE("programming errors that grow with G are told from those that do not", "[fit]") {
  std::string csv = "target_S,read_S\n";
  RandomStream random(7, "grows");
  for (int k = 1; k <= 200; ++k) {
    const double target = 1e-6 * (1 + k % 20);
    csv += test::csv_row({target, target * std::exp(0.05 * random.normal())});
  }
  const DeviceFit fit = fit_text(csv);
  CHECK(fit.find("nonideality.programming.sigma") == nullptr);
  REQUIRE(fit.find("nonideality.cycle_to_cycle.sigma") != nullptr);
  CHECK(fit.find("nonideality.cycle_to_cycle.sigma")->confidence->holds(0.05));
  CHECK(value_of_figure(fit, "levels") == 20.0);
  CHECK(value_of_figure(fit, "g_max") == Approx(20e-6));
}

TEST_CASE("spread that nothing was repeated for is told as one", "[fit]") {
  // ln G of +-0.1 by turns: their deviation is 0.1 sqrt(4/3), of four devices read once.
  const std::string csv = "device,conductance_S\n1," + to_text(1e-5 * std::exp(0.1)) + "\n2," +
                          to_text(1e-5 * std::exp(-0.1)) + "\n3," + to_text(1e-5 * std::exp(0.1)) +
                          "\n4," + to_text(1e-5 * std::exp(-0.1)) + "\n";
  const DeviceFit fit = fit_text(csv);
  CHECK(value_of_figure(fit, "nonideality.device_to_device.sigma") ==
        Approx(0.1 * std::sqrt(4.0 / 3.0)).epsilon(1e-12));
  CHECK_THAT(fit.undetermined.front().why, Contains("part of the other spread"));
}

TEST_CASE("mean squares of unequal groups are those of Henderson's third method", "[fit]") {
  // y = {0, 2 | 1, 3, 5} on two devices: group means 1 and 3, within 2 + 8 = 10 over 3. Devices
  // take 2 (1 - 2.2)^2 + 3 (3 - 2.2)^2 = 4.8; trace 5 - (4 + 9) / 5 = 2.4. With e^y for G.
  std::string csv = "device,conductance_S\n";
  for (const auto& [device, y] : {std::pair{1, 0.0}, {1, 2.0}, {2, 1.0}, {2, 3.0}, {2, 5.0}}) {
    csv += test::csv_row({double(device), std::exp(y)});
  }
  const DeviceFit fit = fit_text(csv);
  CHECK(value_of_figure(fit, "nonideality.cycle_to_cycle.sigma") ==
        Approx(std::sqrt(10.0 / 3.0)).epsilon(1e-12));
  // (4.8 - 10/3) / 2.4 = 0.611 is within chance for five reads.
  CHECK(fit.find("nonideality.device_to_device.sigma") == nullptr);
}

TEST_CASE("columns tell what was measured", "[fit]") {
  using enum MeasurementKind;
  const std::pair<const char*, MeasurementKind> cases[] = {
      {"voltage_V,current_A\n1,2", ReadSweeps},
      {"time_s,voltage_V,current_A\n1,2,3", Hysteresis},
      {"time_s,voltage_v,current_a,state,resistance_ohm\n1,2,3,4,5", Hysteresis},
      {"time_s,resistance_Ohm\n1,2", Retention},
      {"time_s,width_s,voltage_V,resistance_Ohm\n1,2,3,4", Pulses}};
  for (const auto& [csv, kind] : cases) {
    INFO(csv);
    CHECK(read_measurement(csv, "data.csv").kind == kind);
  }
}

TEST_CASE("put_together takes the first of two figures and tells the other", "[fit]") {
  const MadeUpDevice device;
  DeviceFit sweeps = fit_text(test::measure_sweeps(device, RandomStream(1, "a")));
  const DeviceFit programmed = fit_text(test::measure_programmed(device, RandomStream(1, "b")));
  const DeviceFit retention = fit_text(test::measure_retention(device, RandomStream(1, "c")));
  const DeviceFit all = put_together({programmed, sweeps, retention});
  CHECK(value_of_figure(all, "levels") == 16.0);  // not the eight states of the sweeps
  CHECK(all.find("alpha") != nullptr);
  CHECK(all.find("nonideality.drift.nu") != nullptr);
  for (const Undetermined& figure : all.undetermined) CHECK(all.find(figure.key) == nullptr);
  const auto is_told = [](const std::string& note) {
    return note.starts_with("levels of data.csv");
  };
  CHECK(std::any_of(all.notes.begin(), all.notes.end(), is_told));
  sweeps.model = "vteam";
  CHECK_THROWS_WITH(put_together({programmed, sweeps}), Contains("different cards"));
}

TEST_CASE("measurements that cannot be fitted say where and why", "[fit]") {
  const std::pair<std::string, std::string> cases[] = {
      {"voltage_V,current\n1,2\n", "data.csv:1: column 2: \"current\": names no unit"},
      {"voltage_V,current_V\n1,2\n",
       "data.csv:1: column 2: \"current_V\": names no unit of a current"},
      {"voltage_V,current_A\n1,2,3\n", "data.csv:1: 2 headings: must be one for each of the 3"},
      {"voltage_V,current_A\n1,2\n3\n", "data.csv:3: 1 fields"},
      {"voltage_V,current_A\n1,2\n3,x\n", "data.csv:3: column 2 \"x\": is no number"},
      {"voltage_V,current_A\n1,2\n3,nan\n", "data.csv:3"},
      {"voltage_V,v [mV],current_A\n1,2,3\n",
       "data.csv:1: column 2: \"v [mV]\": is the second voltage"},
      {"device (V),conductance_S\n1,2\n", "is a plain number and has no unit"},
      {"1,2\n3,4\n", "0 headings"},
      {"voltage_V,current_A\n", "holds no numbers"},
      {"", "holds no numbers"},
      {"a,b\n1,2\n", "is no measurement that can be fitted"},
      {"voltage_V,current_A\n0.1,1e-6\n0.2,2e-6\n", "data.csv:2: 2 points: are too few"},
      {"voltage_V,current_A\n0,1e-6\n0,2e-6\n0,1e-6\n", "at 0 V alone"},
      {"voltage_V,current_A\n1,-1\n2,-2\n3,-3\n", "data.csv:2: a sweep: conducts backwards"},
      {"time_s,conductance_S\n0,1e-6\n1,1e-6\n2,1e-6\n", "data.csv:2: 0 s: must be above zero"},
      {"time_s,conductance_S\n1,1e-6\n2,1e-6\n", "are too few to tell how it drifts"},
      {"time_s,conductance_S\n1,1e-6\n2,0\n3,1e-6\n", "data.csv:3: 0: must be above zero"},
      {"target_S,read_S\n1e-6,1e-6\n", "1 reads of 1 target(s): are too few"},
      {"device,conductance_S\n1,1e-6\n2,1e-6\n", "2 readings"},
      {"voltage_V,current_A,temperature_K\n1,1,300\n2,2,300\n3,3,350\n", "data.csv:4: 350 K"},
      {"time_s,voltage_V,current_A,target_S,g_S\n1,1,1,1,1\n", "say which with --kind"}};
  for (const auto& [csv, words] : cases) {
    INFO(csv);
    CHECK_THAT(message_of_fit(csv), Contains(words));
  }
  CHECK_THAT(message_of_fit("voltage_V,current_A\n1,1\n2,2\n3,3\n", "retention"),
             Contains("has no column time"));
  const Measurement sweeps = read_measurement("voltage_V,current_A\n1,1\n2,2\n3,3\n", "data.csv");
  CHECK_THROWS_WITH(fit_measurement(sweeps, "data.csv", {.model = "vteam"}),
                    Contains("nothing switches there"));
  CHECK_THAT(message_of_fit("voltage_V,current_A\n1,1\n", "sweep"), Contains("iv"));
}
