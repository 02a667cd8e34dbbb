// The report tells which accuracy is the answer, how far it holds, and what it rests on.
#include "report/answer.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "report/hardware.hpp"
#include "report/study.hpp"
#include "report/svg.hpp"
#include "sample_report.hpp"

using namespace memspice;
using namespace memspice::report;
using Catch::Matchers::Contains;
using Json = nlohmann::json;

namespace {

/// Each layer's crossbars take 1 nJ, of which the arrays a tenth.
RunReport priced_report() {
  RunReport report = sample_report();
  report.array_energy = 0.0;
  report.cost = cost::NetworkCost{};
  report.cost->total.name = "all";
  for (LayerReport& layer : report.layers) {
    layer.array_energy = 1e-10;
    report.array_energy += layer.array_energy;
    cost::LayerCost priced;
    priced.name = layer.name;
    priced.parts[0].energy = 1e-10;  // arrays
    priced.parts[1].energy = 9e-10;  // DACs
    priced.parts[1].static_power = 1e-3;
    for (std::size_t k = 0; k < priced.parts.size(); ++k) {
      report.cost->total.parts[k] += priced.parts[k];
    }
    report.cost->layers.push_back(priced);
  }
  report.cost->total.interval = 1e-6;
  return report;
}

/// Nine tenths of the chips' mean below the perfect cells.
RunReport varied_report() {
  RunReport report = sample_report();
  VariabilityReport found;
  found.fidelity = "calibrated";
  found.sample = "another chip, programmed once";
  found.nominal = sample_share(0.9012);
  found.accuracies = {0.8, 0.82, 0.84};
  found.programmed = simulate::summarize(found.accuracies, std::vector<double>{5.0, 50.0});
  report.variability = found;
  return report;
}

/// conv1's model misses ngspice by 22 % on tiles that no fit has seen.
RunReport misfit_report() {
  RunReport report = sample_report();
  for (tile::LayerCalibration* layer :
       {&*report.layers[0].calibration, &report.calibration->layers[0]}) {
    layer->held_out_tiles = sample_errors(0.22, 24);
  }
  mark_misfits(report);
  return report;
}

}  // namespace

TEST_CASE("every accuracy has its interval, in the terminal, on the page and in JSON",
          "[report][interval]") {
  const RunReport report = sample_report();
  // 9,182 of 10,000: binomial tails of 0.025 at 91.266 and 92.350 % (by bisection).
  CHECK_THAT(to_terminal(report), Contains("91.82 %  91.27 to 92.35"));
  CHECK_THAT(to_html(report), Contains("class=\"whisker\""));
  const Json found = Json::parse(to_json(report))["accuracy"];
  for (const char* pass : {"float", "ideal", "mesh", "calibrated"}) {
    INFO(pass);
    const double value = found[pass]["value"], low = found[pass]["interval"][0],
                 high = found[pass]["interval"][1];
    CHECK(low < value);
    CHECK(value < high);
    // Two standard errors on either side, within a tenth.
    CHECK((high - low) / 2 == Approx(1.96 * std::sqrt(value * (1 - value) / 1e4)).epsilon(0.1));
  }
}

TEST_CASE("a step counts the images whose label it changes", "[report][interval]") {
  const Json found = Json::parse(to_json(sample_report()))["accuracy"];
  CHECK(found["float"]["change"].is_null());
  CHECK(found["ideal"]["change"]["gained"] == 30);
  CHECK(found["ideal"]["change"]["lost"] == 51);
  // 30 of 81: both tails of Binomial(81, 1/2), 2 sum C(81, k) / 2^81 up to 30.
  CHECK(found["ideal"]["change"]["p_value"].get<double>() == Approx(0.025654).epsilon(1e-4));
  CHECK(found["ideal"]["change"]["interval"][1].get<double>() < 0.0);
}

TEST_CASE("no axis of accuracy spans less than four standard errors", "[report][interval]") {
  for (const int images : {5, 20, 100, 1000, 10000}) {
    for (const double share : {0.0, 0.1, 0.5, 0.9, 1.0}) {
      const auto measured =
          simulate::share_of(static_cast<int>(std::lround(share * images)), images);
      svg::ShareRange range;
      range.add(measured);
      const svg::PercentAxis axis = svg::percent_axis(range);
      INFO(images << " images, " << share);
      CHECK(axis.low >= 0.0);
      CHECK(axis.high <= 100.0);
      CHECK(axis.high - axis.low >= std::min(100.0, 400.0 * measured.error()) - 1e-9);
      CHECK(axis.low <= 100.0 * measured.value);
      CHECK(axis.high >= 100.0 * measured.value);
    }
  }
}

TEST_CASE("the headline's energy is the total, with the arrays as its part", "[report][answer]") {
  const RunReport report = priced_report();
  CHECK(*total_energy(report) == Approx(5e-9));
  CHECK_THAT(to_html(report),
             Contains("<b>5 nJ</b><span>energy per image, of which arrays 500 pJ"));
  CHECK_THAT(to_terminal(report), Contains("5 nJ per image, of which 500 pJ in the arrays"));
  const Json found = Json::parse(to_json(report));
  CHECK(found["energy_total_joule"].get<double>() == Approx(5e-9));
  CHECK(found["energy_arrays_joule"].get<double>() == Approx(5e-10));
  CHECK(found["power_static_watt"].get<double>() == Approx(5e-3));
  CHECK(found["power_gated_average_watt"].get<double>() == Approx(5e-9 / 1e-6));
  CHECK(found["layers"][0]["energy_total_joule"].get<double>() == Approx(1e-9));
  CHECK(found["layers"][0]["energy_arrays_joule"].get<double>() == Approx(1e-10));
  CHECK_FALSE(found.contains("energy"));
  // The same name is the same number in a study.
  for (const char* name : {"energy_total_joule",
                           "energy_arrays_joule",
                           "power_static_watt",
                           "power_gated_average_watt"}) {
    CHECK(*find_metric(name, "here").value(report) == Approx(found[name].get<double>()));
  }
}

TEST_CASE("a variability run answers with its samples, not with perfect cells",
          "[report][answer]") {
  const RunReport report = varied_report();
  const auto answer = answer_of(report);
  REQUIRE(answer);
  CHECK(answer->share.value == Approx(0.82));
  CHECK(answer->meaning == "mean accuracy of 3 samples");
  CHECK_THAT(to_html(report), Contains("<b>82.00 %</b><span>mean accuracy of 3 samples"));
  CHECK_THAT(to_terminal(report), Contains("with imperfect ones: 82.00 %"));
  const Json found = Json::parse(to_json(report))["accuracy"];
  CHECK(found["answer"]["value"].get<double>() == Approx(0.82));
  CHECK(found["answer"]["interval"][0].is_number());
  CHECK(*find_metric("accuracy.samples", "here").value(report) == Approx(0.82));
  CHECK_FALSE(find_metric("accuracy.samples", "here").value(sample_report()));
}

TEST_CASE("tile models that do not fit are told everywhere", "[report][answer]") {
  const RunReport report = misfit_report();
  REQUIRE(report.warnings.size() == 1);
  CHECK_THAT(report.warnings[0], Contains("conv1 (22 %)") && Contains("not to be trusted"));
  CHECK_THAT(report.warnings[0], !Contains("conv2"));
  CHECK_THAT(to_terminal(report), Contains("not to be trusted"));
  CHECK_THAT(to_html(report), Contains("class=\"warning\"") && Contains("conv1 (22 %)"));
  const Json found = Json::parse(to_json(report));
  CHECK(found["accuracy"]["calibrated"]["trusted"] == false);
  CHECK(found["accuracy"]["mesh"]["trusted"] == true);
  CHECK(found["calibration"]["fits"] == false);
  CHECK(found["layers"][0]["calibration"]["fits"] == false);
  CHECK(found["layers"][1]["calibration"]["fits"] == true);
  CHECK(found["warnings"].size() == 1);
  RunReport fitting = sample_report();
  mark_misfits(fitting);
  CHECK(fitting.warnings.empty());
  CHECK(fitting.accuracy.of("calibrated")->trusted);
}

TEST_CASE("an error that is no number does not fit", "[report][answer]") {
  tile::LayerCalibration layer;
  CHECK(fits(layer));  // nothing was held out
  layer.held_out_vectors = sample_errors(kFitLimit, 8);
  CHECK(fits(layer));
  layer.held_out_vectors = sample_errors(1.001 * kFitLimit, 8);
  CHECK_FALSE(fits(layer));
  layer.held_out_vectors = sample_errors(std::nan(""), 8);
  CHECK_FALSE(fits(layer));
}

TEST_CASE("a study shows intervals, in its table, its JSON and its plots", "[report][interval]") {
  Study study;
  study.flow = "two";
  study.layout.columns = {"accuracy.calibrated"};
  study.rows = {{"a", "", "a", std::nullopt, sample_report(), ""},
                {"b", "", "b", std::nullopt, misfit_report(), ""}};
  const Table table = study_table(study);
  CHECK_THAT(table.rows[0][1], Contains("90.12 % (89.5") && !Contains("?"));
  CHECK_THAT(table.rows[1][1], Contains("?"));
  CHECK_THAT(study_plots(study)[0], Contains("class=\"whisker\""));
  const Json found = study_json(study);
  CHECK(found["variants"][0]["intervals"]["accuracy.calibrated"][0].get<double>() < 0.9012);
}
