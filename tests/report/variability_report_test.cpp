#include "report/sections.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "sample_report.hpp"

using namespace memspice;
using namespace memspice::report;
using Catch::Matchers::Contains;

namespace {

simulate::SampleStatistics statistics(const std::vector<double>& accuracies) {
  return simulate::summarize(accuracies, std::vector<double>{5.0, 50.0});
}

VariabilityReport sample_variability() {
  VariabilityReport report;
  report.fidelity = "calibrated";
  report.sample = "another chip, programmed once";
  report.nominal = 0.9;
  report.accuracies = {0.88, 0.86, 0.87, 0.89};
  report.programmed = statistics(report.accuracies);
  report.drift = {{20.0, statistics({0.88, 0.87})},
                  {7200.0, statistics({0.8, 0.81})},
                  {1.728e5, statistics({0.7, 0.72})},
                  {3.15576e7, statistics({0.6, 0.65})},
                  {3.15576e8, statistics({0.5, 0.6})}};
  report.seconds = 12.0;
  return report;
}

RunReport report_with(const VariabilityReport& variability) {
  RunReport report = sample_report();
  report.variability = variability;
  return report;
}

}  // namespace

TEST_CASE("samples are told with their confidence, open where it is open", "[report]") {
  const std::string text = to_terminal(report_with(sample_variability()));
  CHECK_THAT(text, Contains("4 samples, each another chip, programmed once"));
  CHECK_THAT(text, Contains("without the effects") && Contains("90.00 %"));
  // Mean 0.875 and deviation sqrt(5/3) points; t_3 = 3.182446: 87.5 +- 2.05.
  CHECK_THAT(text, Contains("87.50 %     85.45 to 89.55 %") && Contains("1.29 %"));
  // 4 samples: 0.5^4 = 0.0625 bounds no median; 0.05^2 binds the 5th percentile from above.
  CHECK_THAT(text, Contains("too few samples") && Contains("at most 87.00 %"));
  CHECK_THAT(to_terminal(sample_report()), !Contains("samples"));
}

TEST_CASE("drift is told in the units of its times", "[report]") {
  const Table table = sections_of(sample_variability()).back().tables.front().table;
  REQUIRE(table.rows.size() == 5);
  CHECK(table.titles ==
        std::vector<std::string>{
            "after programming", "mean", "95 % interval", "deviation", "5 % below", "50 % below"});
  CHECK(table.rows[0][0] == "20 s");
  CHECK(table.rows[1][0] == "2 h");
  CHECK(table.rows[2][0] == "2 d");
  CHECK(table.rows[3][0] == "1 year");
  CHECK(table.rows[4][0] == "10 years");
  CHECK(table.rows[1][1] == "80.50 %");
}

TEST_CASE("the page shows samples and drift, and JSON holds them", "[report]") {
  const RunReport report = report_with(sample_variability());
  CHECK_THAT(to_html(report),
             Contains("Accuracy of imperfect cells") && Contains("Accuracy over time") &&
                 Contains("class=\"band\"") && !Contains("nan") && !Contains("inf"));
  const auto json = nlohmann::json::parse(to_json(report));
  CHECK(json["monte_carlo"]["samples"] == 4);
  CHECK(json["monte_carlo"]["mean"].get<double>() == Approx(0.875));
  CHECK(json["monte_carlo"]["std"].is_number());
  CHECK(json["monte_carlo"]["percentiles"][0]["rank"] == 5.0);
  CHECK(json["monte_carlo"]["percentiles"][0]["interval"][0].is_null());
  CHECK(json["monte_carlo"]["accuracies"].size() == 4);
  CHECK(json["drift"][4]["time"] == 3.15576e8);
  CHECK(json["drift"][4]["mean"].get<double>() == Approx(0.55));
  CHECK(nlohmann::json::parse(to_json(sample_report()))["monte_carlo"].is_null());
}

TEST_CASE("plots of one sample and of one time hold their range", "[report]") {
  VariabilityReport one = sample_variability();
  one.accuracies = {0.0};
  one.programmed = simulate::summarize(one.accuracies, {});
  one.nominal = 0.0;
  one.drift = {{1.0, one.programmed}};
  for (const Section& section : sections_of(one)) {
    CHECK_THAT(draw(section.charts.front()),
               Contains("<svg") && !Contains("nan") && !Contains("inf"));
  }
  CHECK_THAT(to_terminal(report_with(one)), Contains("1 sample, ") && !Contains("deviation  0"));
  const Sections none = sections_of(VariabilityReport{});
  REQUIRE(none.size() == 1);
  CHECK(draw(none.front().charts.front()).empty());
}
