// Pairs of choices that go together run, and what they give is what the machine of both gives.

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "config/rule_settings.hpp"
#include "config/rules.hpp"
#include "flow/run_flow.hpp"
#include "flow/tiny_flow.hpp"

using namespace memspice;
using memspice::testing::kSettings;
using memspice::testing::settings_of;
using memspice::testing::TinyFlow;

namespace {

/// Wires, drivers and senses take a third of the currents: an array that is not the one asked for
/// scores other labels.
const config::Overrides kHarsh{"array.wire=60 Ohm", "array.driver=2 kOhm", "array.sense=500 Ohm"};

std::size_t choice_called(const std::string& name) {
  for (std::size_t k = 0; k < config::choice_count(); ++k) {
    if (config::choice_name(k) == name) return k;
  }
  FAIL("no choice is called " << name);
  return 0;
}

bool is_one_of(std::size_t choice, const std::vector<std::string>& names) {
  return std::find(names.begin(), names.end(), config::choice_name(choice)) != names.end();
}

/// Needs data of another kind, whose runs tests/scenario/segmentation_flow_test.cpp has.
bool needs_other_data(std::size_t choice) {
  return is_one_of(choice, {"data.kind = \"image_pairs\""});
}
/// Asks ngspice for every circuit: covered once below, not in every pair.
bool needs_spice(std::size_t choice) {
  return is_one_of(
      choice,
      {"[fidelity] \"spice\"", "[fidelity] \"exact\"", "periphery.in_network", "verify.images"});
}

/// Settings of a pair on linear tiles with wires unless one of the two says otherwise.
config::Overrides run_settings(std::size_t a, std::size_t b) {
  config::Overrides settings{"fidelity.default=mesh"};
  // Pulses that lose a third on the way would not reach their cells.
  const auto writes = [](std::size_t choice) {
    return config::choice_name(choice).starts_with("programming.");
  };
  if (!writes(a) && !writes(b)) settings.insert(settings.end(), kHarsh.begin(), kHarsh.end());
  // One sub-image of a 3 x 3 kernel takes nine word lines.
  const std::vector<std::string> sub_images{"mapping.scheme = \"subimage\""};
  if (is_one_of(a, sub_images) || is_one_of(b, sub_images)) settings.push_back("mapping.rows=16");
  const bool has_selector =
      is_one_of(a, {"array.topology = \"1s1r\""}) || is_one_of(b, {"array.topology = \"1s1r\""});
  if (has_selector) {
    for (const char* more : {"array.read_voltage=1", "device.g_min=1 uS", "device.g_max=8 uS"}) {
      settings.push_back(more);
    }
  }
  for (std::string setting : settings_of(a, b)) {
    // Samples that differ by nothing must score what the run scores.
    if (setting.starts_with("nonideality.")) {
      setting = "nonideality.device_to_device.sigma=1e-12";
    }
    if (has_selector && setting.starts_with("device.g_")) continue;
    settings.push_back(setting);
  }
  return settings;
}

}  // namespace

TEST_CASE("pairs that go together run on the machine of both", "[flow][rules]") {
  const TinyFlow flow(40);
  int runs = 0;
  for (std::size_t a = 0; a < kSettings.size(); ++a) {
    for (std::size_t b = a + 1; b < kSettings.size(); ++b) {
      if (!config::rule_of(a, b).is_allowed) continue;
      if (needs_other_data(a) || needs_other_data(b) || needs_spice(a) || needs_spice(b)) continue;
      CAPTURE(config::choice_name(a), config::choice_name(b));
      config::FlowOptions options = flow.load(run_settings(a, b));
      options.jobs = 1;
      CHECK(!flow::check_flow(options).empty());
      const report::RunReport report = flow::run_flow(options);
      ++runs;
      REQUIRE(report.accuracy.of("float"));
      if (report.variability) {
        // The sample holds the nominal cells to 1e-12: it must be the same machine.
        CHECK(report.variability->accuracies.front() == report.variability->nominal);
      }
      if (report.programming) {
        CHECK(report.programming->all.cells > 0);
        // Cells within a percent or two of their targets: of 40 labels four may lie on an edge.
        CHECK(std::abs(report.programming->programmed - report.programming->perfect) <= 0.1);
      }
    }
  }
  CHECK(runs > 200);
}

TEST_CASE("whatever goes with ngspice is what the models are fitted to", "[flow][rules]") {
  const std::size_t spice = choice_called("[fidelity] \"spice\"");
  const TinyFlow flow(4);
  for (std::size_t b = 0; b < kSettings.size(); ++b) {
    if (b == spice || !config::rule_of(spice, b).is_allowed || needs_other_data(b)) continue;
    CAPTURE(config::choice_name(b));
    config::Overrides settings{"array.wire=20 Ohm", "array.driver=300 Ohm", "characterize.tiles=4"};
    if (is_one_of(b, {"mapping.scheme = \"subimage\""})) settings.push_back("mapping.rows=16");
    if (is_one_of(b, {"array.topology = \"1s1r\""})) {
      settings.insert(
          settings.end(),
          {"array.read_voltage=1", "device.g_min=1 uS", "device.g_max=8 uS", "array.input=pulses"});
    }
    for (const std::string& setting : settings_of(spice, b)) {
      // A selector alone bends amplitudes beyond use; it is read by pulses.
      const bool is_bent = is_one_of(b, {"array.topology = \"1s1r\""});
      if (!(is_bent && setting == "array.input=amplitude")) settings.push_back(setting);
    }
    config::FlowOptions options = flow.load(settings);
    options.jobs = 2;
    const report::RunReport report = flow::run_flow(options);
    REQUIRE(!report.sections.empty());
    REQUIRE(report.sections.front().key == "against_spice");
    for (const auto& layer : *report.sections.front().json) {
      INFO(layer.at("layer"));
      // Calibrated tiles against ngspice behind the same converters: one code of an 8-bit ADC and
      // the fit's own error; an array of another kind is tens of percent away.
      CHECK(layer.at("calibrated").at("rms").get<double>() < 0.06);
      // Our own solution of the same cells: a code that falls on an edge, at most.
      if (layer.contains("exact")) CHECK(layer.at("exact").at("rms").get<double>() < 0.01);
    }
  }
}

TEST_CASE("the periphery is priced on the arrays that it may read", "[flow][rules]") {
  const std::size_t periphery = choice_called("periphery.in_network");
  const TinyFlow flow(8);
  for (std::size_t b = 0; b < kSettings.size(); ++b) {
    if (b == periphery || !config::rule_of(periphery, b).is_allowed) continue;
    if (needs_other_data(b) || needs_spice(b)) continue;
    CAPTURE(config::choice_name(b));
    config::Overrides settings = run_settings(periphery, b);
    settings.push_back("store.path=" + (flow.folder() / "answers.sqlite").string());
    settings.push_back("periphery.points=11");
    config::FlowOptions options = flow.load(settings);
    options.jobs = 2;
    const report::RunReport report = flow::run_flow(options);
    REQUIRE(report.periphery);
    CHECK(report.periphery->base >= 0.0);
  }
}
