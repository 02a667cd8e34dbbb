#include "report/heat_map.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace memspice::report;
using Catch::Matchers::Contains;

namespace {

HeatMap sample(const Eigen::MatrixXd& values) {
  return {.title = "Made <up>",
          .row_axis = "word line",
          .column_axis = "bit line",
          .values = values,
          .text = [](double value) { return std::to_string(static_cast<int>(value)) + " mV"; }};
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("each field tells its place and value, ends have the scale's ends", "[report][map]") {
  Eigen::MatrixXd values(2, 3);
  values << 0, 10, 20, 30, 40, 50;
  const std::string svg = draw(sample(values));
  CHECK(count_of(svg, "<title>") == 6);
  CHECK_THAT(svg, Contains("word line 1, bit line 2: 50 mV"));
  CHECK_THAT(svg, Contains("fill=\"#440154\"><title>word line 0, bit line 0: 0 mV"));
  CHECK_THAT(svg, Contains("fill=\"#fde725\"><title>word line 1, bit line 2: 50 mV"));
  CHECK_THAT(svg, Contains("Made &lt;up&gt;") && !Contains("<up>"));
}

TEST_CASE("a signed map has zero in the middle, whatever its ends", "[report][map]") {
  Eigen::MatrixXd values(1, 3);
  values << -10, 0, 40;
  HeatMap map = sample(values);
  map.is_signed = true;
  const std::string svg = draw(map);
  CHECK_THAT(svg, Contains("fill=\"#dddddd\"><title>word line 0, bit line 1: 0 mV"));
  CHECK_THAT(svg, Contains("fill=\"#b40426\"><title>word line 0, bit line 2: 40 mV"));
  CHECK_THAT(svg, Contains(">-40 mV</text>"));
}

TEST_CASE("what has no value has no colour; nothing has no picture", "[report][map]") {
  Eigen::MatrixXd values(1, 2);
  values << NAN, 1;
  CHECK_THAT(draw(sample(values)),
             Contains("fill=\"none\"><title>word line 0, bit line 0: no value"));
  CHECK(draw(sample(Eigen::MatrixXd())).empty());
  CHECK(draw(sample(Eigen::MatrixXd::Constant(2, 2, NAN))).empty());
}

TEST_CASE("neighbours share a field of their mean, the last block what is left", "[report][map]") {
  Eigen::MatrixXd values(3, 2);
  values << 1, 3, 5, 7, 10, 20;
  const HeatMap coarse = coarsened(sample(values), 2);
  REQUIRE(coarse.values.rows() == 2);
  REQUIRE(coarse.values.cols() == 2);  // two columns are no more than two
  CHECK(coarse.values(0, 0) == 3.0);   // of 1 and 5
  CHECK(coarse.values(0, 1) == 5.0);   // of 3 and 7
  CHECK(coarse.values(1, 1) == 20.0);
  CHECK(coarse.row_names == std::vector<std::string>{"0-1", "2"});
  CHECK(coarsened(sample(values), 3).row_names.empty());
}

TEST_CASE("a file stands alone and holds every map", "[report][map]") {
  const Eigen::MatrixXd values = Eigen::MatrixXd::Identity(2, 2);
  const std::string svg = draw_file({sample(values), sample(2.0 * values)}, "two & two");
  CHECK_THAT(svg, Catch::Matchers::StartsWith("<svg xmlns=\"http://www.w3.org/2000/svg\""));
  CHECK(count_of(svg, "<title>") == 8);
  CHECK_THAT(svg, Contains("two &amp; two"));
}
