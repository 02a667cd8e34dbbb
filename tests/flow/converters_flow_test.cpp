// Converters that are no ideal ones, in a whole flow: a rung for each figure, and the same machine
// whatever the number of jobs.

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "flow/run_flow.hpp"
#include "flow/tiny_flow.hpp"

using namespace memspice;
using Catch::Matchers::Contains;
using memspice::testing::TinyFlow;

namespace {

const config::Overrides kAll{"fidelity.default=mesh",
                             "converters.adc_bits=5",
                             "converters.dac_bits=5",
                             "converters.adc_mismatch=0.05",
                             "converters.adc_offset=1",
                             "converters.adc_gain_error=0.05",
                             "converters.adc_noise=0.5",
                             "converters.dac_mismatch=0.05"};

config::Overrides with(config::Overrides settings, const config::Overrides& more) {
  settings.insert(settings.end(), more.begin(), more.end());
  return settings;
}

nlohmann::json scored(const TinyFlow& flow, const config::Overrides& settings, int jobs = 1) {
  config::FlowOptions options = flow.load(settings);
  options.jobs = jobs;
  return nlohmann::json::parse(to_json(flow::run_flow(options)));
}

}  // namespace

TEST_CASE("each figure of the converters is a rung of the ladder", "[flow][converters]") {
  const TinyFlow flow(60);
  const report::RunReport report = flow::run_flow(flow.load(kAll));
  const auto json = nlohmann::json::parse(to_json(report));
  std::string before = "mesh";
  for (const char* pass : {"dac", "adc_linearity", "adc_offset", "adc_noise"}) {
    CAPTURE(pass);
    REQUIRE(json["accuracy"].contains(pass));
    const auto& found = json["accuracy"][pass];
    CHECK(found["images"] == 60);
    const double step =
        found["value"].get<double>() - json["accuracy"][before]["value"].get<double>();
    CHECK(found["change"]["value"].get<double>() == Approx(step).margin(1e-12));
    CHECK(found["change"]["interval"].size() == 2);
    before = pass;
  }
  CHECK(json["accuracy"]["answer"]["value"] == json["accuracy"]["adc_noise"]["value"]);
  CHECK(json["converters"]["ladders"] == "solved");
  CHECK(report.settings.at("ADC errors") ==
        "mismatch 0.05, offset 1 LSB, gain error 0.05, noise 0.5 LSB");
  CHECK(report.settings.at("DAC errors") == "mismatch 0.05");
  const auto& layer = json["converters"]["layers"][1];
  CHECK(layer["layer"] == "fc");
  CHECK(layer["adc"]["max_inl_lsb"].get<double>() > 0.1);
  CHECK(layer["dac"]["count"].get<int>() > 0);
  CHECK_THAT(to_terminal(report), Contains("ADC noise") && Contains("Converters that are not"));
  CHECK_THAT(to_html(report), Contains("Converters that are not ideal"));
}

TEST_CASE("a run without their figures says nothing of them", "[flow][converters]") {
  const TinyFlow flow(8);
  const auto json = scored(flow, {"fidelity.default=mesh"});
  CHECK(!json.contains("converters"));
  CHECK(!json["accuracy"].contains("dac"));
  CHECK(!json["accuracy"].contains("adc_noise"));
}

TEST_CASE("drawn converters and their noise do not depend on jobs", "[flow][converters]") {
  const TinyFlow flow(150);  // more than a batch
  const auto one = scored(flow, kAll, 1), three = scored(flow, kAll, 3);
  CHECK(one["accuracy"] == three["accuracy"]);
  CHECK(one["converters"] == three["converters"]);
  const auto other = scored(flow, with(kAll, {"seed=2"}));
  CHECK(one["converters"] != other["converters"]);
}

TEST_CASE("other effects draw what they drew without converters", "[flow][converters]") {
  const TinyFlow flow(40);
  const config::Overrides chips{"fidelity.default=mesh",
                                "nonideality.device_to_device.sigma=0.3",
                                "nonideality.read_noise.relative_sigma=0.1",
                                "monte_carlo.samples=3"};
  const auto without = scored(flow, chips);
  // Errors so small that no code of an 8-bit ADC moves.
  const auto with_errors =
      scored(flow, with(chips, {"converters.adc_offset=1e-7", "converters.adc_noise=1e-7"}));
  CHECK(without["monte_carlo"]["accuracies"] == with_errors["monte_carlo"]["accuracies"]);
}

TEST_CASE("all fidelities run behind drawn converters", "[flow][converters]") {
  const TinyFlow flow(3);
  for (const char* fidelity : {"ideal", "mesh", "calibrated", "exact", "spice"}) {
    CAPTURE(fidelity);
    const auto json = scored(flow,
                             {"fidelity.default=" + std::string(fidelity),
                              "device.alpha=1",
                              "converters.adc_bits=4",
                              "converters.adc_mismatch=0.05",
                              "converters.ladders=ngspice",
                              "converters.adc_range=output"});
    CHECK(json["accuracy"]["adc_linearity"]["images"] == 3);
    CHECK(json["converters"]["ladders"] == "ngspice");
  }
}
