// Numbers as people read them.

#include "report/numbers.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "sample_report.hpp"

using namespace memspice::report;

TEST_CASE("fixed decimals hold for every double", "[report][numbers]") {
  CHECK(fixed(91.824, 2) == "91.82");
  CHECK(fixed(-0.0, 1) == "0.0");
  CHECK(fixed(1e300, 0).size() == 301);
  CHECK(fixed(std::nan(""), 2) == "nan");
}

TEST_CASE("shares, changes and errors have the digits that they deserve", "[report][numbers]") {
  CHECK(percent(0.9182) == "91.82 %");
  CHECK(points(0.0058) == "+0.58");
  CHECK(points(-0.0022) == "-0.22");
  CHECK(points(-0.00001) == "0.00");  // no sign on what rounds to nothing
  CHECK(error_percent(0.00123) == "0.12 %");
  CHECK(error_percent(0.0) == "0 %");
}

TEST_CASE("thousands are parted, the sign is not", "[report][numbers]") {
  CHECK(with_thousands(0) == "0");
  CHECK(with_thousands(999) == "999");
  CHECK(with_thousands(-1000) == "-1,000");
  CHECK(with_thousands(-123456) == "-123,456");
  CHECK(with_thousands(1234567) == "1,234,567");
  CHECK(with_thousands(9223372036854775807LL) == "9,223,372,036,854,775,807");
}

TEST_CASE("all right is no certainty", "[report][numbers]") {
  // Two right and two wrong images added: p = 9002/10004 (Agresti, Coull 1998).
  const double p = 9002.0 / 10004.0;
  CHECK(standard_error(0.9, 10000) == Approx(std::sqrt(p * (1.0 - p) / 10004.0)));
  // 22 of 24 right, sqrt(22/24 * 2/24 / 24).
  CHECK(standard_error(1.0, 20) == Approx(std::sqrt(22.0 * 2.0 / std::pow(24.0, 3))));
  CHECK(standard_error(0.0, 20) == Approx(standard_error(1.0, 20)));
  CHECK(standard_error(0.5, 0) == 0.0);
}

TEST_CASE("a layer without crossbars has no lines, and runs as its path", "[report][numbers]") {
  LayerReport layer = sample_layer("conv1", "convolution 6@5x5", 26, 6);
  CHECK(layer_cells(layer) ==
        std::vector<std::string>{"conv1", "convolution 6@5x5", "26 x 6", "4", "312", "100"});
  CHECK(runs_as(layer) == "calibrated");
  layer.path = "spectral";
  layer.tiles = 0;
  CHECK(layer_cells(layer)[2] == "-");
  CHECK(layer_cells(layer)[5] == "-");
  CHECK(runs_as(layer) == "spectral");
}

TEST_CASE("a ladder's cells tell what to distrust, and the change from the step before",
          "[report][numbers]") {
  RunReport report = sample_report();
  report.accuracy.shares["mesh"].trusted = false;
  const auto cells = accuracy_cells(report);
  REQUIRE(cells.size() == 4);
  CHECK(cells[0][3].empty());  // nothing before it
  CHECK(cells[1][3] == "-0.21");
  CHECK(cells[2].back() == "not to be trusted: tile errors");
  CHECK(accuracy_cells(RunReport{}).empty());
}
