#include "report/run_report.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/error.hpp"
#include "base/files.hpp"
#include "report/numbers.hpp"
#include "report/plots.hpp"
#include "report/sections.hpp"
#include "report/text_table.hpp"
#include "sample_report.hpp"

using namespace memspice;
using namespace memspice::report;
using Catch::Matchers::Contains;

TEST_CASE("the terminal summary holds the ladder, the errors and the cost", "[report]") {
  const std::string text = to_terminal(sample_report());
  CHECK_THAT(text,
             Contains("float       91.82 %") && Contains("ideal       91.61 %") &&
                 Contains("mesh        89.54 %") && Contains("calibrated  90.12 %"));
  CHECK_THAT(text, Contains("  -0.21  ") && Contains("  -2.07  ") && Contains("  +0.58  "));
  CHECK_THAT(text,
             Contains("unseen vectors") && Contains("unseen tiles") && Contains("12 %") &&
                 Contains("3.1 %") && Contains("0.007 %"));
  CHECK_THAT(text,
             Contains("10 runs, 0 failed, 42 s, ngspice-39, tiles pinned") && Contains("4.2 nJ") &&
                 Contains("124,000") && Contains("80 fitted, 160 held out"));
  CHECK_THAT(text, Contains("note       conv1 has one tile"));
  CHECK_THAT(text, Contains("settings   alpha 2.5 1/V; driver 100 Ohm; g_max"));
  CHECK(text.find('\033') == std::string::npos);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) CHECK(display_width(line) <= 100);
}

TEST_CASE("what was not run is left out of the terminal and null in JSON", "[report]") {
  RunReport report = sample_report();
  report.accuracy = {};
  report.accuracy.shares["float"] = 0.9;
  report.calibration.reset();
  report.layers.front().calibration.reset();
  report.spice = {};
  const std::string text = to_terminal(report);
  CHECK_THAT(text, !Contains("calibrated  9") && !Contains("unseen") && !Contains("ngspice "));
  const auto json = nlohmann::json::parse(to_json(report));
  CHECK(json["accuracy"]["float"]["value"] == 0.9);
  CHECK(json["accuracy"]["float"]["interval"][0].is_null());  // no image is known
  for (const char* key : {"ideal", "mesh", "calibrated"}) CHECK(json["accuracy"][key].is_null());
  CHECK(json["calibration"].is_null());
  CHECK(json["layers"][0]["calibration"].is_null());
  CHECK_FALSE(json["layers"][1]["calibration"].is_null());
  CHECK_THAT(to_html(report), !Contains("How far the tile models"));
}

TEST_CASE("results.json has the keys that scripts rely on", "[report]") {
  const auto json = nlohmann::json::parse(to_json(sample_report()));
  CHECK(json["accuracy"]["calibrated"]["value"] == 0.9012);
  CHECK(json["accuracy"]["calibrated"]["images"] == 10000);
  CHECK(json["accuracy"]["answer"]["value"] == 0.9012);
  CHECK(json["images"] == 10000);
  CHECK(json["tiles"] == 48);
  CHECK(json["calibration"]["nrmse_held_out"] == 6e-5);
  CHECK(json["calibration"]["max_held_out"] == 2.4e-4);
  CHECK(json["calibration"]["vectors_fit"] == 80);
  CHECK(json["calibration"]["vectors_held_out"] == 160);
  CHECK(json["calibration"]["mesh"]["nrmse"] == 0.0312);
  CHECK(json["calibration"]["ideal"]["nrmse"] == 0.123);
  CHECK(json["spice"]["runs"] == 10);
  CHECK(json["spice"]["failed"] == 0);
  CHECK(json["spice"]["seconds"] == 42.0);
  CHECK(json["spice"]["version"] == "ngspice-39");
  CHECK(json["seconds"]["characterize"] == 45.0);
  CHECK(json["seconds"]["simulate"] == 31.0);
  CHECK(json["seconds"]["total"] == 77.0);
  CHECK(json["energy_arrays_joule"] == 4.2e-9);
  CHECK(json["energy_total_joule"].is_null());  // no card prices the rest
  CHECK(json["seed"] == 1);
  CHECK(json["versions"]["ngspice"] == "ngspice-39");
  REQUIRE(json["layers"].size() == 5);
  CHECK(json["layers"][0]["name"] == "conv1");
  CHECK(json["layers"][0]["calibration"]["coefficients"][0] == 0.041);
  CHECK(json["layers"][0]["calibration"]["held_out_tiles"]["calibrated"]["nrmse"] == 7e-5);
}

TEST_CASE("names from files cannot break the page or the JSON", "[report]") {
  RunReport report = sample_report();
  report.flow = "<script>alert('x')</script>";
  report.layers[0].name = "a\"b&c</svg>";
  report.calibration->layers[0].layer = "<img src=x>";
  report.data = "bad \xff name";
  report.settings["<b>"] = "</table>";
  const std::string page = to_html(report);
  CHECK_THAT(
      page, !Contains("<script") && !Contains("<img") && !Contains("<b>\"") && !Contains("a\"b&c"));
  CHECK_THAT(page, Contains("&lt;script&gt;") && Contains("a&quot;b&amp;c&lt;/svg&gt;"));
  CHECK(nlohmann::json::parse(to_json(report))["data"].is_string());
}

TEST_CASE("the page loads nothing", "[report]") {
  const std::string page = to_html(sample_report());
  CHECK_THAT(page, Contains("Content-Security-Policy\" content=\"default-src 'none'"));
  CHECK_THAT(page,
             !Contains("http://") && !Contains("https://") && !Contains("src=") &&
                 !Contains("@import") && !Contains("url("));
}

TEST_CASE("plots hold their range", "[report]") {
  CHECK(draw(ladder_of({})).empty());
  CHECK_THAT(draw(ladder_of({{.name = "one", .share = 1.0, .meaning = ""}})),
             Contains("100.00 %") && !Contains("nan"));
  CHECK_THAT(draw(ladder_of({{"a", 0.0, ""}, {"b", 1.0, ""}})),
             Contains("+100.00") && !Contains("inf"));
  const std::string zero = plot_log_bars({{"z", {{"0 %", "#000", 0.0}}}});
  CHECK_THAT(zero, !Contains("nan") && !Contains("inf"));
  CHECK_THAT(plot_bars({{"z", {{"0 J", "#000", 0.0}}}}), !Contains("nan"));
}

TEST_CASE("a layer is judged by the worse of unseen vectors and tiles", "[report]") {
  tile::LayerCalibration layer;
  CHECK_FALSE(worst_held_out(layer));
  layer.held_out_vectors = sample_errors(1e-4, 8);
  CHECK(worst_held_out(layer)->of("calibrated").nrmse == 1e-4);
  layer.held_out_tiles = sample_errors(2e-4, 8);
  CHECK(worst_held_out(layer)->of("calibrated").nrmse == 2e-4);
  CHECK(worst_held_out(layer)->vectors == 16);
}

TEST_CASE("write_report writes both files or says why not", "[report]") {
  const TemporaryFolder folder;
  const auto out = folder.path() / "new" / "results";
  write_report(sample_report(), out.string());
  CHECK(read_file(out / "results.json") == to_json(sample_report()));
  CHECK(read_file(out / "report.html") == to_html(sample_report()));
  write_file(folder.path() / "file", "x");
  CHECK_THROWS_AS(write_report(sample_report(), (folder.path() / "file").string()), RunError);
}
