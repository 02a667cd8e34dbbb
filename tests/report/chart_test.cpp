// Where each kind of chart puts its values: a picture is 720 user units wide.

#include "report/chart.hpp"

#include <catch2/catch.hpp>
#include <regex>

using namespace memspice;
using namespace memspice::report;
using Catch::Matchers::Contains;

namespace {

struct Dot {
  double x = 0.0, y = 0.0;
};

std::vector<Dot> dots_of(const std::string& svg) {
  static const std::regex circle("cx=\"([-0-9.]+)\" cy=\"([-0-9.]+)\"");
  std::vector<Dot> dots;
  for (std::sregex_iterator match(svg.begin(), svg.end(), circle), end; match != end; ++match) {
    dots.push_back({std::stod((*match)[1]), std::stod((*match)[2])});
  }
  return dots;
}

std::vector<double> heights_of_names(const std::string& svg) {
  static const std::regex name("<text x=\"[-0-9.]+\" y=\"([-0-9.]+)\" class=\"label");
  std::vector<double> heights;
  for (std::sregex_iterator match(svg.begin(), svg.end(), name), end; match != end; ++match) {
    heights.push_back(std::stod((*match)[1]));
  }
  return heights;
}

Chart one_series(ChartKind kind, std::vector<ChartPoint> points) {
  return {.kind = kind,
          .title = "a chart",
          .series = {{.name = {}, .tone = Tone::Plain, .points = std::move(points)}}};
}

}  // namespace

TEST_CASE("curves lie by x and share, decades evenly apart", "[report][chart]") {
  Chart chart =
      one_series(ChartKind::Curves,
                 {{.x = 1.0, .value = 1.0}, {.x = 100.0, .value = 0.5}, {.x = 1e4, .value = 0.0}});
  chart.is_log = true;
  const auto dots = dots_of(draw(chart));
  REQUIRE(dots.size() == 3);
  CHECK(dots[0].x == Approx(64.0));
  CHECK(dots[2].x == Approx(720.0 - 24.0));
  CHECK(dots[1].x == Approx(0.5 * (dots[0].x + dots[2].x)));
  CHECK(dots[1].y == Approx(0.5 * (dots[0].y + dots[2].y)));
  CHECK(dots[0].y < dots[2].y);  // more is higher
}

TEST_CASE("curves show intervals, a band, values on hovering, and their reference",
          "[report][chart]") {
  Chart chart = one_series(ChartKind::Curves,
                           {{.x = 4.0, .value = 0.8, .interval = {0.78, 0.82}, .band = {0.7, 0.9}},
                            {.x = 8.0, .value = 0.9, .band = {0.85, 0.95}}});
  chart.reference = ChartReference{"float", 0.92};
  chart.unit = "bits";
  const std::string svg = draw(chart);
  CHECK_THAT(svg,
             Contains("whisker") && Contains("class=\"band\"") && Contains(">8 bits<") &&
                 Contains(">float<") && Contains("<title>80.00 % (78.00 to 82.00)</title>"));
}

TEST_CASE("names of curves that end together stand apart", "[report][chart]") {
  Chart chart;
  for (const char* name : {"a", "b", "c"}) {
    chart.series.push_back({.name = name,
                            .tone = Tone::First,
                            .points = {{.x = 1.0, .value = 0.5}, {.x = 2.0, .value = 0.6}}});
  }
  const auto heights = heights_of_names(draw(chart));
  REQUIRE(heights.size() == 3);
  CHECK(heights[1] - heights[0] >= 15.9);
  CHECK(heights[2] - heights[1] >= 15.9);
}

TEST_CASE("points that a logarithm has no place for are left out", "[report][chart]") {
  Chart chart = one_series(ChartKind::Curves, {{.x = 0.0, .value = 0.5}});
  chart.is_log = true;
  CHECK(draw(chart).empty());
}

TEST_CASE("a strip spreads its dots over a common axis", "[report][chart]") {
  Chart chart = one_series(ChartKind::Strip, {{.value = 0.8}, {.value = 0.85}, {.value = 0.9}});
  chart.reference = ChartReference{"without the effects", 0.9};
  const std::string svg = draw(chart);
  const auto dots = dots_of(svg);
  REQUIRE(dots.size() == 3);
  CHECK(dots[1].x == Approx(0.5 * (dots[0].x + dots[2].x)).margin(0.1));
  CHECK(dots[1].y == Approx(dots[0].y + 12.0));
  CHECK_THAT(svg, Contains("without the effects") && Contains("<title>85.00 %</title>"));
}

TEST_CASE("a ladder has a row per step", "[report][chart]") {
  const std::string svg = draw(one_series(ChartKind::Ladder,
                                          {{.value = 0.9, .name = "float", .label = "90.00 %"},
                                           {.value = 0.8, .name = "ideal", .label = "80.00 %"}}));
  const auto dots = dots_of(svg);
  REQUIRE(dots.size() == 2);
  CHECK(dots[1].y == Approx(dots[0].y + 44.0));
  CHECK(dots[1].x < dots[0].x);
  CHECK_THAT(svg, Contains(">ideal<") && Contains("<title>ideal: 80.00 %"));
}

TEST_CASE("a histogram's bars stand on its base", "[report][chart]") {
  const std::string svg =
      draw(one_series(ChartKind::Histogram, {{.value = 4.0}, {.value = 0.0}, {.value = 2.0}}));
  static const std::regex bar(
      "<rect x=\"([-0-9.]+)\" y=\"([-0-9.]+)\" width=\"[-0-9.]+\" "
      "height=\"([-0-9.]+)\"");
  std::vector<double> bases, heights;
  for (std::sregex_iterator match(svg.begin(), svg.end(), bar), end; match != end; ++match) {
    bases.push_back(std::stod((*match)[2]) + std::stod((*match)[3]));
    heights.push_back(std::stod((*match)[3]));
  }
  REQUIRE(heights.size() == 3);
  CHECK(heights[0] == Approx(2.0 * heights[2]));
  CHECK(heights[1] == 0.0);
  for (const double base : bases) CHECK(base == Approx(172.0));
  CHECK_THAT(svg, Contains("<title>2: 2</title>"));
}

TEST_CASE("charts without points are not drawn", "[report][chart]") {
  for (const ChartKind kind :
       {ChartKind::Curves, ChartKind::Strip, ChartKind::Ladder, ChartKind::Histogram}) {
    CHECK(draw(one_series(kind, {})).empty());
    CHECK(draw({.kind = kind, .title = {}, .series = {}}).empty());
  }
}
