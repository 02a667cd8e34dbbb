// Samples of imperfect chips through the whole job, at fidelity mesh so that nothing waits for
// ngspice, on a part of the test images.
#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "config/flow_options.hpp"
#include "flow/run_flow.hpp"

using namespace memspice;

namespace {

const std::string kFlows = std::string(MEMSPICE_ROOT_DIR) + "/flows/";

config::FlowOptions monte_carlo_flow(const std::filesystem::path& out,
                                     config::Overrides more = {}) {
  config::Overrides overrides = {
      "fidelity.default=mesh", "data.limit=200", "data.calibration_limit=40"};
  overrides.insert(overrides.end(), more.begin(), more.end());
  config::FlowOptions options = config::load_flow(kFlows + "lenet5_fashion.toml", overrides);
  options.out = out;
  return options;
}

const report::VariabilityReport& variability(const report::RunReport& report) {
  REQUIRE(report.variability);
  return *report.variability;
}

report::VariabilityReport run(config::Overrides overrides, int jobs = 0) {
  const TemporaryFolder folder;
  config::FlowOptions options = monte_carlo_flow(folder.path(), std::move(overrides));
  options.jobs = jobs;
  return variability(flow::run_flow(options));
}

}  // namespace

TEST_CASE("the same seed gives the same samples for one job and for two", "[scenario]") {
  const config::Overrides all = {"monte_carlo.samples=3",
                                 "nonideality.device_to_device.sigma=0.3",
                                 "nonideality.cycle_to_cycle.sigma=0.1",
                                 "nonideality.programming.relative_sigma=0.02",
                                 "nonideality.stuck.on=0.01",
                                 "nonideality.stuck.off=0.02",
                                 "nonideality.opens.word_lines=0.01",
                                 "nonideality.opens.bit_lines=0.01",
                                 "nonideality.read_noise.relative_sigma=0.05",
                                 "nonideality.read_noise.telegraph_amplitude=0.1",
                                 "nonideality.read_noise.telegraph_probability=0.2",
                                 "nonideality.drift.nu=0.05",
                                 "nonideality.drift.nu_sigma=0.02",
                                 "nonideality.drift.times=[1, 1e6]"};
  const auto one = run(all, 1);
  const auto two = run(all, 2);
  CHECK(one.accuracies == two.accuracies);
  CHECK(one.accuracies.size() == 3);
  REQUIRE(one.drift.size() == 2);
  CHECK(one.drift[0].accuracy.mean == one.programmed.mean);  // 1 s is t0
  CHECK(one.drift[1].accuracy.mean == two.drift[1].accuracy.mean);
  // Samples differ from each other, or the effects do nothing.
  CHECK(*one.programmed.deviation > 0.0);
  config::Overrides other = all;
  other.push_back("seed=2");
  CHECK(run(other).accuracies != one.accuracies);
}

TEST_CASE("one sample spreads over its images and gives the same number", "[scenario]") {
  const config::Overrides noise = {"nonideality.read_noise.relative_sigma=0.3"};
  CHECK(run(noise, 1).accuracies == run(noise, 2).accuracies);
}

TEST_CASE("effects too small to see leave the accuracy, strong ones destroy it", "[scenario]") {
  const auto small = run({"nonideality.device_to_device.sigma=1e-9", "monte_carlo.samples=2"});
  CHECK(small.accuracies == std::vector<double>(2, small.nominal));
  const auto dead = run({"nonideality.opens.bit_lines=1"});
  // All outputs are equal, so that the first class is chosen: a tenth of the images, 2.1 % of
  // standard error for 200.
  CHECK(std::abs(dead.accuracies.front() - 0.1) < 5.0 * 0.0212);
  const auto stuck = run({"nonideality.stuck.off=1"});
  CHECK(stuck.accuracies.front() == dead.accuracies.front());
  const auto spread = run({"nonideality.device_to_device.sigma=1", "monte_carlo.samples=2"});
  CHECK(spread.programmed.mean < spread.nominal - 0.05);
}

TEST_CASE("programmings of one chip share what belongs to the chip", "[scenario]") {
  const auto chip = run({"nonideality.device_to_device.sigma=0.5",
                         "monte_carlo.samples=3",
                         "monte_carlo.vary=programmings"});
  CHECK(*chip.programmed.deviation == 0.0);
  const auto chips = run({"nonideality.device_to_device.sigma=0.5", "monte_carlo.samples=3"});
  CHECK(chips.accuracies.front() == chip.accuracies.front());
  CHECK(*chips.programmed.deviation > 0.0);
}

TEST_CASE("an open word line is a floating one, with wires and without", "[scenario]") {
  // With all wires ideal a floating line carries nothing: ideal and mesh must agree exactly.
  const config::Overrides open = {"nonideality.opens.word_lines=0.3",
                                  "array.wire=0",
                                  "array.driver=0",
                                  "array.sense=0",
                                  "data.limit=100"};
  config::Overrides ideal = open;
  ideal.push_back("fidelity.default=ideal");
  const auto mesh = run(open);
  CHECK(mesh.accuracies == run(ideal).accuracies);
  CHECK(mesh.accuracies.front() < mesh.nominal);
}

TEST_CASE("results.json holds samples, statistics and drift", "[scenario]") {
  const TemporaryFolder folder;
  flow::run_flow(monte_carlo_flow(folder.path(),
                                  {"nonideality.drift.nu=0.05",
                                   "nonideality.drift.nu_sigma=0.03",
                                   "nonideality.drift.times=[1 , 1e3, 1e6]",
                                   "monte_carlo.samples=2",
                                   "monte_carlo.percentiles=[10, 90]"}));
  const auto json = nlohmann::json::parse(read_file(folder.path() / "results.json"));
  CHECK(json["monte_carlo"]["samples"] == 2);
  CHECK(json["monte_carlo"]["percentiles"].size() == 2);
  CHECK(json["monte_carlo"]["percentiles"][1]["rank"] == 90.0);
  CHECK(json["monte_carlo"]["mean"].is_number());
  CHECK(json["monte_carlo"]["std"] == 0.0);  // as programmed, nothing has drifted yet
  CHECK(json["monte_carlo"]["mean"] == json["accuracy"]["mesh"]["value"]);
  REQUIRE(json["drift"].size() == 3);
  CHECK(json["drift"][2]["time"] == 1e6);
  CHECK(json["drift"][2]["mean"].get<double>() <= json["drift"][0]["mean"].get<double>());
  const std::string page = read_file(folder.path() / "report.html");
  CHECK(page.find("Accuracy over time") != std::string::npos);
  CHECK(page.find("nan") == std::string::npos);
}

TEST_CASE("a run without effects has no samples", "[scenario]") {
  const TemporaryFolder folder;
  CHECK_FALSE(flow::run_flow(monte_carlo_flow(folder.path())).variability);
  const auto json = nlohmann::json::parse(read_file(folder.path() / "results.json"));
  CHECK(json["monte_carlo"].is_null());
  CHECK(json["drift"].empty());
}

TEST_CASE("a factor a layer undoes what all its cells lose alike", "[scenario]") {
  // Without wires every current falls to 1e6^-0.05 = a half; biases are added digitally and stay.
  config::Overrides half = {"nonideality.drift.nu=0.05",
                            "nonideality.drift.times=[1, 1e6]",
                            "mapping.bias=digital",
                            "converters.adc_bits=0",
                            "array.wire=0",
                            "array.driver=0",
                            "array.sense=0"};
  const auto left = run(half);
  CHECK(left.drift[1].accuracy.mean < left.drift[0].accuracy.mean - 0.02);
  for (const std::string kind : {"layer", "output"}) {
    config::Overrides compensated = half;
    compensated.push_back("nonideality.drift.compensation=" + kind);
    const auto found = run(compensated);
    CHECK(found.drift[0].accuracy.mean == left.drift[0].accuracy.mean);
    CHECK(found.drift[1].accuracy.mean == found.drift[0].accuracy.mean);
    CHECK(found.compensation.find("one factor a " + kind) != std::string::npos);
  }
}
