// What a run tells of ngspice's own certainty and of the models' error tile by tile.
#include <catch2/catch.hpp>
#include <limits>
#include <nlohmann/json.hpp>

#include "report/sections.hpp"
#include "sample_report.hpp"

using namespace memspice;
using Catch::Matchers::Contains;
using report::RunReport;

namespace {

/// The worst layer's certificate without a bound.
RunReport falling_report() {
  RunReport report = report::sample_report();
  tile::Certificate& first = *report.calibration->layers[0].certificate;
  first.monotone = false;
  first.bound = first.relative = std::numeric_limits<double>::quiet_NaN();
  report.layers[0].calibration->certificate = first;
  return report;
}

}  // namespace

TEST_CASE("certificates stand beside the spread over tiles", "[report]") {
  const report::Sections sections = certificate_sections(report::sample_report());
  REQUIRE(sections.size() == 1);
  const report::Table& table = sections[0].tables.at(0).table;
  CHECK(table.titles.size() == 8);
  REQUIRE(table.rows.size() == 5);
  CHECK(table.rows[0] ==
        std::vector<std::string>{
            "conv1", "2", "0.004 %", "0.007 %", "0.009 %", "2.5 fA", "3.2e-10", "1"});
  CHECK_THAT(to_terminal(sections[0]), Contains("Tile by tile against ngspice-39"));
}

TEST_CASE("a cell whose current falls has no bound, and it is said", "[report]") {
  const RunReport report = falling_report();
  CHECK_THAT(certificate_sections(report)[0].tables[0].table.rows[0][5], Contains("none"));
  const auto json = nlohmann::json::parse(to_json(report));
  const auto& certificate = json["layers"][0]["certificate"];
  CHECK(certificate["bound_ampere"].is_null());
  CHECK(certificate["monotone"] == false);
  CHECK(json["layers"][1]["certificate"]["relative"] == 3.2e-10);
}

TEST_CASE("tiles that were run as one circuit have a spread alone", "[report]") {
  RunReport report = report::sample_report();
  for (auto& layer : report.calibration->layers) layer.certificate.reset();
  for (auto& layer : report.layers) layer.calibration->certificate.reset();
  CHECK(certificate_sections(report)[0].tables[0].table.titles.size() == 5);
  const auto json = nlohmann::json::parse(to_json(report));
  CHECK(json["layers"][0]["certificate"].is_null());
  CHECK(json["calibration"]["tile_spread"]["worst"] == 9e-5);
  CHECK(json["layers"][0]["calibration"]["tile_spread"]["median"] == 4e-5);
  report.calibration.reset();
  CHECK(certificate_sections(report).empty());
}

TEST_CASE("the method and why it was taken stand beside ngspice's runs", "[report]") {
  RunReport report = report::sample_report();
  CHECK_THAT(to_terminal(report), Contains("10 runs, 0 failed, 42 s, ngspice-39, tiles pinned\n"));
  report.spice.method = "direct";
  report.spice.method_reason = "no line has a resistance";
  CHECK_THAT(to_html(report), Contains("tiles direct (no line has a resistance)"));
  const auto json = nlohmann::json::parse(to_json(report));
  CHECK(json["spice"]["method"] == "direct");
  CHECK(json["spice"]["method_reason"] == "no line has a resistance");
}
