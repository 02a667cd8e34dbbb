// What writing a network onto its crossbars took and left.
#include "report/programming_report.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "report/sections.hpp"

using namespace memspice;
using namespace memspice::report;
using Catch::Matchers::Contains;

namespace {

ProgrammingReport sample_programming() {
  ProgrammingReport report;
  report.card = "stanford_rram/hfox";
  report.scheme = "v/2";
  report.ramp = "amplitude ramp";
  report.fidelity = "calibrated";
  report.perfect = simulate::share_of(910, 1000);
  report.programmed = simulate::share_of(890, 1000);
  report.layers = {{.name = "conv1",
                    .cells = 100,
                    .failed = 1,
                    .out = 2,
                    .pulses = 450,
                    .most_pulses = 12,
                    .energy = 2e-9,
                    .time = 1e-3,
                    .error_rms = 0.01,
                    .error_max = 0.04,
                    .disturb_mean = 0.002,
                    .disturb_max = 0.03},
                   {.name = "fc1"}};
  report.all = report.layers[0];
  report.all.name = "all";
  report.pulse_counts = {0, 10, 40, 50};
  return report;
}

}  // namespace

TEST_CASE("programming tells accuracy, pulses, energy and errors", "[report][programming]") {
  const Sections sections = sections_of(sample_programming());
  REQUIRE(sections.size() == 2);
  CHECK_THAT(sections[0].lead, Contains("v/2") && Contains("at most 1 pass;"));
  const auto& accuracy = sections[0].tables.at(0).table.rows;
  CHECK_THAT(accuracy[0][1], Contains("91.00 %"));
  CHECK_THAT(accuracy[1][1], Contains("89.00 %"));
  CHECK(accuracy[1][2] == "-2.00");  // without the images of both, the difference alone
  const auto& writing = sections[0].tables.at(1).table.rows;
  REQUIRE(writing.size() == 3);
  CHECK(writing[0] == std::vector<std::string>{"conv1", "100", "4.5", "12", "2 nJ", "1 ms", "1"});
  CHECK(writing[1][2] == "-");  // no cell, no mean
  CHECK(writing[2][0] == "all");
  const auto& left = sections[1].tables.at(0).table.rows;
  CHECK(left[0] == std::vector<std::string>{"conv1", "1 %", "4 %", "2", "0.2 %", "3 %"});
  CHECK(sections[1].remarks.empty());
}

TEST_CASE("the histogram counts cells by their pulses", "[report][programming]") {
  const Chart chart = sections_of(sample_programming())[0].charts.at(0);
  CHECK(chart.kind == ChartKind::Histogram);
  REQUIRE(chart.series.at(0).points.size() == 4);
  CHECK(chart.series[0].points[3].value == 50.0);
}

TEST_CASE("an array written in ngspice is told, or why it was not", "[report][programming]") {
  ProgrammingReport report = sample_programming();
  report.agreement = ProgrammingAgreement{.tile = "conv1:0:0",
                                          .lines = 4,
                                          .pulses = 1234,
                                          .fast = 0.008,
                                          .reference = 0.0021,
                                          .energy = 0.011,
                                          .seconds = 12.0};
  CHECK_THAT(sections_of(report)[1].remarks.at(0),
             Contains("4 x 4 corner of conv1:0:0") && Contains("1,234 pulses") &&
                 Contains("at most 0.8 %") && Contains("reference 0.21 %") &&
                 Contains("energy 1.1 %"));
  report.agreement->failure = "ngspice is missing";
  report.failure = "conv1: no convergence";
  const auto remarks = sections_of(report)[1].remarks;
  CHECK_THAT(remarks.at(0), Contains("could not be compared: ngspice is missing"));
  CHECK_THAT(remarks.at(1), Contains("conv1: no convergence"));
}

TEST_CASE("results.json holds what programming took", "[report][programming]") {
  const Section section = sections_of(sample_programming())[0];
  CHECK(section.key == "programming");
  const nlohmann::json json = *section.json;
  CHECK(json["layers"].size() == 2);
  CHECK(json["all"]["pulses"] == 450);
  CHECK(json["layers"][0]["energy_joule"] == 2e-9);
  CHECK(json["accuracy_programmed"]["value"] == Approx(0.89));
  CHECK(json["cells_by_pulses"] == nlohmann::json({0, 10, 40, 50}));
  CHECK(json["spice"].is_null());
  CHECK(json["change"].is_null());
}
