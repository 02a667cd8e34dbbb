#include "report/study.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.hpp"
#include "sample_report.hpp"

using namespace memspice;
using namespace memspice::report;
using Catch::Matchers::Contains;

namespace {

RunReport run_of(double calibrated, long memristors, std::optional<double> area = std::nullopt) {
  RunReport run = sample_report();
  run.accuracy.shares["calibrated"] = calibrated;
  run.memristors = memristors;
  run.cost.reset();
  if (area) {
    run.cost.emplace();
    run.cost->total.parts[0].area = *area;
  }
  return run;
}

/// Two series of two variants, one of which failed.
Study sample_study() {
  Study study;
  study.flow = "sizes";
  study.layout.title = "Sizes";
  study.layout.x = "ratio";
  study.layout.columns = {"accuracy.calibrated", "memristors", "area", "accuracy.spice"};
  study.layout.claims = {"almost 90 % fewer <crossbars>"};
  study.rows = {{"a 0", "128 x 128", "a_0", 0.0, run_of(0.9, 20000, 4e-8), ""},
                {"a 1", "128 x 128", "a_1", 1.0, run_of(0.885, 5000, 1e-8), ""},
                {"b 0", "256 x 256", "b_0", 0.0, run_of(0.8, 400000), ""},
                {"b 1", "256 x 256", "b_1", 1.0, std::nullopt, "ngspice gave up"}};
  return study;
}

mapping::SchemeCount count_of(int side, long crossbars, double overlap) {
  mapping::SchemeCount count;
  count.t = side;
  count.crossbars = crossbars;
  count.overlap = overlap;
  return count;
}

const Metric& metric(const char* name) {
  return find_metric(name, "here");
}

}  // namespace

TEST_CASE("metrics are written with their units, changes as points or percent", "[report]") {
  CHECK(value_text(metric("accuracy.calibrated"), 0.885) == "88.50 %");
  CHECK(change_text(metric("accuracy.calibrated"), 0.885, 0.9) == "-1.50");
  CHECK(value_text(metric("crossbars"), 82688.0) == "82,688");
  CHECK(change_text(metric("crossbars"), 6336.0, 82688.0) == "-92.3 %");  // 1 - 6336/82688
  CHECK(change_text(metric("crossbars"), 3.0, 2.0) == "+50.0 %");
  CHECK(change_text(metric("crossbars"), 2.0, 2.0) == "0.0 %");
  CHECK(change_text(metric("crossbars"), 2.0, 0.0).empty());
  CHECK(value_text(metric("area"), 4.5e-7) == "0.45 mm2");
  CHECK(value_text(metric("energy_total_joule"), 1.25e-6) == "1.25 uJ");
  CHECK(value_text(metric("error.line"), 0.0123) == "1.2 %");
  CHECK(change_text(metric("error.line"), 0.01, 0.04) == "-75.0 %");
  CHECK(value_text(metric("sub_image.overlap"), 14.53) == "1,453 %");
  CHECK_THROWS_WITH(metric("accuracy.calibrate"), Contains("did you mean \"accuracy.calibrated\""));
}

TEST_CASE("every metric has a name of its own and reads a bare report", "[report]") {
  std::set<std::string_view> names;
  for (const Metric& each : metrics()) {
    CHECK(names.insert(each.name).second);
    CHECK_NOTHROW(each.value(RunReport{}));
  }
}

TEST_CASE("sub-image metrics add up a network's convolutions", "[report]") {
  RunReport run;
  mapping::LayerSchemes layer;
  layer.shape.channels_in = 3;
  layer.shape.output = {4, 4};
  layer.shape.window.kernel = {3, 3};
  layer.sub_image = count_of(2, 12, 0.5);
  run.schemes.push_back(layer);
  layer.shape.output = {2, 2};
  layer.sub_image = count_of(1, 30, 1.0);
  run.schemes.push_back(layer);
  CHECK(metric("crossbars.channel_pair").value(run) == 42.0);
  CHECK(metric("sub_image.side").value(run) == 2.0);
  // (48 x 0.5 + 12 x 1.0) / 60.
  CHECK(*metric("sub_image.overlap").value(run) == Approx(0.6));
  CHECK_FALSE(metric("crossbars.im2col").value(run));  // neither layer has such a count
}

TEST_CASE("a study shows what its runs gave, with changes within a series", "[report]") {
  const Study study = sample_study();
  const Table table = study_table(study);
  REQUIRE(table.titles.size() == 7);  // no run went through SPICE
  CHECK(table.rows[0] ==
        std::vector<std::string>{"a 0", "90.00 %", "", "20,000", "", "0.04 mm2", ""});
  CHECK(table.rows[1] == std::vector<std::string>{
                             "a 1", "88.50 %", "-1.50", "5,000", "-75.0 %", "0.01 mm2", "-75.0 %"});
  CHECK(table.rows[2] == std::vector<std::string>{"b 0", "80.00 %", "", "400,000", "", "-", ""});
  CHECK(table.rows[3] == std::vector<std::string>{"b 1", "-", "", "-", "", "-", ""});
  const std::string text = study_text(study);
  CHECK_THAT(text, Contains("failed: b 1: ngspice gave up"));
  CHECK_THAT(text, Contains("almost 90 % fewer <crossbars>"));
  CHECK_THAT(text, Contains("of the same series"));
}

TEST_CASE("a study's JSON has each variant's numbers and its whole result", "[report]") {
  const auto json = study_json(sample_study());
  CHECK(json["study"]["x"] == "ratio");
  CHECK(json["study"]["columns"].size() == 3);
  REQUIRE(json["variants"].size() == 4);
  const auto& second = json["variants"][1];
  CHECK(second["x"] == 1.0);
  CHECK(second["series"] == "128 x 128");
  CHECK(second["metrics"]["accuracy.calibrated"] == 0.885);
  CHECK(second["results"]["memristors"] == 5000);
  CHECK(json["variants"][3]["failure"] == "ngspice gave up");
  CHECK_FALSE(json["variants"][3].contains("results"));
}

TEST_CASE("a study draws a panel per family, with a curve per metric and series", "[report]") {
  Study study = sample_study();
  const std::vector<std::string> plots = study_plots(study);
  REQUIRE(plots.size() == 3);
  CHECK_THAT(plots[0], Contains("calibrated, 128 x 128") && Contains("calibrated, 256 x 256"));
  CHECK_THAT(plots[1], Contains("100,000"));  // a decade of a logarithmic axis
  CHECK_THAT(plots[2], !Contains("256 x 256"));
  for (StudyRow& row : study.rows) row.x.reset();
  REQUIRE(study_plots(study).size() == 3);
  CHECK_THAT(study_plots(study)[1], Contains("400,000") && Contains("not run"));
}

TEST_CASE("a study's page stands alone and links its runs", "[report]") {
  const std::string page = study_html(sample_study());
  CHECK_THAT(page, Contains("almost 90 % fewer &lt;crossbars&gt;"));
  CHECK_THAT(page, Contains("href=\"a_1/report.html\"") && !Contains("b_1/report.html"));
  CHECK_THAT(page, Contains("ngspice gave up"));
  CHECK_THAT(page, !Contains("nan") && !Contains("://"));
}
