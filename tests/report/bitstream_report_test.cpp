#include "report/sections.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "sample_report.hpp"

using namespace memspice;
using namespace memspice::report;
using Catch::Matchers::Contains;

namespace {

BitstreamReport sample_bitstream() {
  BitstreamReport report{.float_accuracy = 0.92, .accuracy = 0.915, .fixed_point = 0.918};
  report.points = {{4, 0.81, 0.87, 0.84, 0.83, 0.81, 1.5},
                   {6, 0.9, 0.914, 0.906, 0.903, 0.9, 2.5},
                   {8, 0.915, 0.918, 0.917, 0.916, 0.915, 4.25}};
  report.fault_images = 200;
  report.faultless_streams = 0.91;
  report.faultless_words = 0.92;
  const auto samples = [](double a, double b) {
    return simulate::summarize(std::vector<double>{a, b}, {});
  };
  report.faults = {{1e-6, samples(0.91, 0.91), samples(0.9, 0.92)},
                   {1e-3, samples(0.9, 0.91), samples(0.4, 0.5)},
                   {1e-1, samples(0.8, 0.82), samples(0.1, 0.12)}};
  report.layers = {{"conv1", "mixed", 6, 117600.0, 10.5, 2.25, 20000.0, 61000.0}};
  report.gates = "nangate_45nm";
  report.units = {
      {"bitstream, 8 bits per cycle", 8, 10, 0.915, 3.2e-9, 20000.0, 2e-5, 1e-8, 4e18, 1.0},
      {"fixed point, exact", 7, 16, 0.916, 7.5e-9, 7350.0, 7.35e-6, 2e-8, 3e18, 1.33}};
  report.precision_gain = 3.05;
  report.seconds = 2.5;
  return report;
}

RunReport report_with(const BitstreamReport& bitstream) {
  RunReport report = sample_report();
  report.bitstream = bitstream;
  return report;
}

/// With all blanks and line ends as one blank: a remark's lines end where its numbers let them.
std::string as_one_line(const std::string& text) {
  std::istringstream words(text);
  std::string line, word;
  while (words >> word) line += (line.empty() ? "" : " ") + word;
  return line;
}

}  // namespace

TEST_CASE("The terminal shows accuracy by bits, flips, layers and units", "[report]") {
  const std::string text = to_terminal(report_with(sample_bitstream()));
  CHECK_THAT(as_one_line(text),
             Contains("91.50 %; fixed point of the same bits 91.80 %, float 92.00 %"));
  CHECK_THAT(text, Contains("-11.00"));   // 4 bits against float
  CHECK_THAT(text, Contains("81.00 %"));  // the mean of 0.8 and 0.82
  CHECK_THAT(text, Contains("conv1"));
  CHECK_THAT(text, Contains("0.0032 mm2"));
  // 4e18 products per second and square metre are 4e12 per square millimetre: 8000 Gop/s.
  CHECK_THAT(text, Contains("8,000"));
  CHECK_THAT(text, Contains("bitstream's gain") && Contains("1.33") && Contains("91.60 %"));
  CHECK_THAT(text, Contains("3.05 times fewer cycles"));
  CHECK_THAT(to_terminal(sample_report()), !Contains("itstream"));
}

TEST_CASE("results.json holds the bitstream's figures", "[report]") {
  const auto json = nlohmann::json::parse(to_json(report_with(sample_bitstream())));
  CHECK(json["accuracy"]["bitstream"]["value"] == 0.915);
  const auto& found = json["bitstream"];
  CHECK(found["fixed_point"]["value"] == 0.918);
  CHECK(found["points"][1]["bits"] == 6);
  CHECK(found["points"][1]["bitstream"]["value"] == 0.9);
  CHECK(found["points"][1]["cut"]["value"] == 0.906);
  CHECK(found["points"][1]["truncated"]["value"] == 0.903);
  CHECK(found["points"][0]["fixed_width"]["value"] == 0.81);
  CHECK(found["faults"][2]["rate"] == 0.1);
  CHECK(found["faults"][2]["streams"]["mean"].get<double>() == Approx(0.81));
  CHECK(found["faults"][2]["words"]["mean_interval"].size() == 2);
  CHECK(found["layers"][0]["mean_cycles"] == 2.25);
  CHECK(found["units"][1]["area"] == 7.5e-9);
  CHECK(found["units"][1]["bits"] == 7);
  CHECK(found["units"][1]["sum_bits"] == 16);
  CHECK(found["units"][1]["bitstream_gain"] == 1.33);
  CHECK(nlohmann::json::parse(to_json(sample_report()))["bitstream"].is_null());
}

TEST_CASE("The page draws both curves, and none without their points", "[report]") {
  const std::string html = to_html(report_with(sample_bitstream()));
  CHECK_THAT(html, Contains("Accuracy against bits"));
  CHECK_THAT(html, Contains("Accuracy against the rate of bit flips"));
  CHECK_THAT(html, Contains("1e-3"));
  BitstreamReport bare = sample_bitstream();
  bare.points.resize(1);
  bare.faults.clear();
  for (const Section& section : sections_of(bare)) CHECK(section.charts.empty());
  CHECK_THAT(to_html(report_with(bare)), !Contains("bits that flip"));
}
