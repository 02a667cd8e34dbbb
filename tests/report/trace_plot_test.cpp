// A device trace as a picture.
#include "report/trace_plot.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace memspice;
using Catch::Matchers::Contains;

namespace {

/// v from -1 to 1 V, I = v/1 kOhm, x at 0.5, in n points.
device::Trace straight_line(int n) {
  device::Trace trace;
  trace.time = Eigen::VectorXd::LinSpaced(n, 0.0, 1e-3);
  trace.voltage = Eigen::VectorXd::LinSpaced(n, -1.0, 1.0);
  trace.current = 1e-3 * trace.voltage;
  trace.state = Eigen::VectorXd::Constant(n, 0.5);
  trace.resistance = Eigen::VectorXd::Constant(n, 1e3);
  return trace;
}

/// "x,y" pairs of the k-th curve.
std::string points_of(const std::string& svg, int k) {
  std::size_t at = 0;
  for (int c = 0; c <= k; ++c) at = svg.find("points=\"", at) + 8;
  return svg.substr(at, svg.find('"', at) - at);
}

}  // namespace

TEST_CASE("the loop's ends are where voltage and current end", "[report][trace]") {
  const std::string svg = report::plot_trace(straight_line(3), "a line");
  // The box is 380 wide from (20, 60); the extent has 4 % of room at either end: 0.04 / 1.08.
  const std::string loop = points_of(svg, 0);
  CHECK_THAT(loop, Catch::StartsWith("34.07,425.93 "));  // 20 + 380 (0.04 / 1.08), mirrored below
  CHECK_THAT(loop, Contains("210,250 "));                // the middle
  CHECK_THAT(loop, Contains("385.93,74.07 "));
  // State does not move: drawn in the middle of its box, 334 + 106 / 2.
  CHECK_THAT(points_of(svg, 3), Contains(",387 "));
}

TEST_CASE("a trace's labels tell its extents", "[report][trace]") {
  const std::string svg = report::plot_trace(straight_line(101), "<a> & b");
  CHECK_THAT(svg, Contains("v: -1 V .. 1 V") && Contains("I: -1 mA .. 1 mA"));
  CHECK_THAT(svg, Contains("x: 0.5 .. 0.5") && Contains("t: 0 s .. 1 ms"));
  CHECK_THAT(svg, Contains("&lt;a&gt; &amp; b"));
  CHECK(svg.find("<a>") == std::string::npos);
  CHECK(svg.find("http") == svg.rfind("http"));  // the namespace alone
}

TEST_CASE("a long trace is drawn with at most some thousand points", "[report][trace]") {
  const std::string loop = points_of(report::plot_trace(straight_line(100001), "long"), 0);
  const auto count = std::count(loop.begin(), loop.end(), ' ');
  CHECK(count >= 2000);
  CHECK(count <= 2100);
}

TEST_CASE("a trace that never crosses zero has no line there", "[report][trace]") {
  device::Trace trace = straight_line(11);
  const auto lines = [](const std::string& svg) {
    std::size_t count = 0;
    for (std::size_t at = 0; (at = svg.find("<line", at)) != std::string::npos; ++at) ++count;
    return count;
  };
  const std::size_t crossing = lines(report::plot_trace(trace, ""));
  trace.voltage.array() += 2.0;
  trace.current.array() += 2e-3;
  CHECK(lines(report::plot_trace(trace, "")) == crossing - 4);  // two in the loop, one each beside
}
