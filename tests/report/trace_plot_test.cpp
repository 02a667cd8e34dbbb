// A device trace as a figure, and the axes that figures in files have.
#include "report/trace_plot.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "report/axes.hpp"

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

std::vector<std::string> tick_texts(const report::svg::Axis& axis) {
  std::vector<std::string> texts;
  for (const report::svg::Tick& tick : report::svg::ticks_of(axis)) texts.push_back(tick.text);
  return texts;
}

}  // namespace

TEST_CASE("the loop's ends are where voltage and current end", "[report][trace]") {
  const std::string svg = report::plot_trace(straight_line(3), "a line");
  // The box is 610 x 330 from (80, 48); 4 % of the span of room at either end: 0.08 / 2.16.
  const std::string loop = points_of(svg, 0);
  CHECK_THAT(loop,
             Catch::StartsWith("102.593,365.778 "));  // 80 + 610 0.08/2.16; 378 - 330 0.08/2.16
  CHECK_THAT(loop, Contains("385,213 "));             // the middle
  CHECK_THAT(loop, Contains("667.407,60.2222 "));
  // A state that does not move is drawn in the middle of its box, 800 + 110 / 2.
  CHECK_THAT(points_of(svg, 3), Contains(",855 "));
}

TEST_CASE("a trace's axes name quantity and unit", "[report][trace]") {
  const std::string svg = report::plot_trace(straight_line(101), "<a> & b");
  CHECK_THAT(svg, Contains("voltage [V]") && Contains("current [mA]") && Contains("time [ms]"));
  CHECK_THAT(svg, Contains(">state</text>") && Contains("&lt;a&gt; &amp; b"));
  CHECK(svg.find("<a>") == std::string::npos);
  CHECK(svg.find("http") == svg.rfind("http"));  // the namespace alone
}

TEST_CASE("a long trace is drawn with at most some thousand points", "[report][trace]") {
  const std::string loop = points_of(report::plot_trace(straight_line(100001), "long"), 0);
  const auto count = std::count(loop.begin(), loop.end(), ' ');
  CHECK(count >= 2000);
  CHECK(count <= 2100);
}

TEST_CASE("axes have round ticks in a unit of fitting prefix", "[report][axes]") {
  using report::svg::make_axis;
  const auto current = make_axis(-3.2e-5, 6.1e-5, "I", Unit::Ampere);
  CHECK(current.title == "I [uA]");
  CHECK(tick_texts(current) == std::vector<std::string>{"-20", "0", "20", "40", "60"});
  CHECK(current.share(-3.2e-5 - 0.04 * 9.3e-5) == Approx(0.0).margin(1e-12));
  const auto decades = make_axis(1.0, 1e6, "t", Unit::Second, true);
  CHECK(decades.title == "t [s]");
  CHECK(tick_texts(decades) ==
        std::vector<std::string>{"1", "10", "100", "1e+03", "1e+04", "1e+05", "1e+06"});
  const auto still = make_axis(0.0, 0.0, "x", Unit::None);
  CHECK(still.title == "x");
  CHECK(still.share(0.0) == 0.5);
  CHECK(make_axis(1.0, 1.0, "V", Unit::Volt).share(1.0) == Approx(0.5));
}

TEST_CASE("a thicker line stands where an axis passes zero alone", "[report][axes]") {
  device::Trace trace = straight_line(11);
  const auto zeros = [](const std::string& svg) {
    std::size_t count = 0;
    for (std::size_t at = 0; (at = svg.find("class=\"zero\"", at)) != std::string::npos; ++at) {
      ++count;
    }
    return count;
  };
  const std::size_t crossing = zeros(report::plot_trace(trace, ""));
  trace.voltage.array() += 2.0;
  trace.current.array() += 2e-3;
  CHECK(zeros(report::plot_trace(trace, "")) == crossing - 4);  // two in the loop, one each below
}
