// Where the panels of a study put its runs: a picture is 720 user units wide.

#include <catch2/catch.hpp>
#include <regex>

#include "report/study.hpp"
#include "sample_report.hpp"

using namespace memspice::report;
using Catch::Matchers::Contains;

namespace {

/// A run of `memristors` at each x, in one series.
Study study_of(const std::vector<std::pair<double, long>>& runs) {
  Study study;
  study.layout.x = "size";
  study.layout.columns = {"memristors"};
  for (const auto& [x, memristors] : runs) {
    RunReport run = sample_report();
    run.memristors = memristors;
    study.rows.push_back({"run", "", "", x, run, ""});
  }
  return study;
}

struct Point {
  double x = 0.0, y = 0.0;
};

std::vector<Point> circles_of(const std::string& svg) {
  static const std::regex circle("cx=\"([-0-9.]+)\" cy=\"([-0-9.]+)\"");
  std::vector<Point> found;
  for (std::sregex_iterator match(svg.begin(), svg.end(), circle), end; match != end; ++match) {
    found.push_back({std::stod((*match)[1]), std::stod((*match)[2])});
  }
  return found;
}

/// A coordinate is written with one decimal.
constexpr double kRounding = 0.1;

}  // namespace

TEST_CASE("counts of one size stand over zero", "[report][study]") {
  const auto plots = study_plots(study_of({{1.0, 1000}, {2.0, 2000}, {3.0, 500}}));
  REQUIRE(plots.size() == 1);
  const auto points = circles_of(plots.front());
  REQUIRE(points.size() == 3);
  CHECK(points[1].x == Approx(0.5 * (points[0].x + points[2].x)).margin(kRounding));
  // From the axis at 250: half and a quarter of the highest.
  CHECK(250.0 - points[0].y == Approx(0.5 * (250.0 - points[1].y)).margin(kRounding));
  CHECK(250.0 - points[2].y == Approx(0.25 * (250.0 - points[1].y)).margin(kRounding));
}

TEST_CASE("values over decades and sizes that double stand evenly apart", "[report][study]") {
  const auto plots = study_plots(study_of({{32.0, 100000}, {8.0, 1000}, {128.0, 1000000}}));
  const auto points = circles_of(plots.front());
  REQUIRE(points.size() == 3);  // by rising x: 8, 32, 128
  CHECK(points[1].x == Approx(0.5 * (points[0].x + points[2].x)).margin(kRounding));
  const double decade = points[1].y - points[2].y;
  CHECK(points[0].y - points[1].y == Approx(2.0 * decade).margin(2.0 * kRounding));
}

TEST_CASE("one run alone has a panel without a division by nothing", "[report][study]") {
  const auto plots = study_plots(study_of({{4.0, 1000}}));
  REQUIRE(plots.size() == 1);
  CHECK(circles_of(plots.front()).size() == 1);
  CHECK_THAT(plots.front(), !Contains("nan") && !Contains("inf"));
}

TEST_CASE("long and hostile names are cut and escaped", "[report][study]") {
  Study study = study_of({{1.0, 1000}, {2.0, 2000}});
  for (StudyRow& row : study.rows) row.series = "<b>" + std::string(80, 'x');
  const std::string plot = study_plots(study).front();
  CHECK_THAT(plot, Contains("&lt;b&gt;xxx") && !Contains("<b>") && !Contains(std::string(40, 'x')));
  for (const auto& [x, y] : circles_of(plot)) CHECK((x > 0.0 && x < 720.0 && y > 0.0 && y < 251.0));
}

TEST_CASE("a run without the number has no point", "[report][study]") {
  Study study = study_of({{1.0, 1000}, {2.0, 0}, {3.0, 3000}});
  CHECK(circles_of(study_plots(study).front()).size() == 2);
  study.rows[0].report.reset();
  CHECK(circles_of(study_plots(study).front()).size() == 1);
}
