// Axes and shapes that all plots are drawn from.
#include "report/svg.hpp"

#include <catch2/catch.hpp>

#include "report/page.hpp"
#include "report/page_parts.hpp"
#include "report/plots.hpp"
#include "report/share_text.hpp"

using namespace memspice;
using namespace memspice::report;
using Catch::Matchers::Contains;

TEST_CASE("ticks stand at 1, 2 or 5 times a power of ten", "[report][svg]") {
  CHECK(svg::nice_step(5.0) == Approx(1.0));
  CHECK(svg::nice_step(10.0) == Approx(2.0));
  CHECK(svg::nice_step(20.0) == Approx(5.0));
  CHECK(svg::nice_step(100.0) == Approx(20.0));
  CHECK(svg::nice_step(0.03) == Approx(0.01));
  for (double span = 0.001; span < 1e4; span *= 1.37) {
    const double ticks = span / svg::nice_step(span);
    CHECK(ticks > 1.9);
    CHECK(ticks <= 5.0 + 1e-9);
  }
}

TEST_CASE("an axis of accuracy holds its shares, and stays within 0 and 100 %", "[report][svg]") {
  for (const auto& [low, high] : {std::pair(0.9, 0.92), {0.0, 0.001}, {0.999, 1.0}, {0.1, 0.9}}) {
    svg::ShareRange range;
    range.add(low);
    range.add(high);
    const svg::PercentAxis axis = svg::percent_axis(range);
    CHECK(axis.low <= 100.0 * low);
    CHECK(axis.high >= 100.0 * high);
    CHECK(axis.low >= 0.0);
    CHECK(axis.high <= 100.0);
    CHECK(axis.high - axis.low >= 1.0 - 1e-9);
  }
}

TEST_CASE("an axis is at least four standard errors wide", "[report][svg]") {
  svg::ShareRange range;
  range.add(simulate::share_of(90, 100));
  // 95 % of 90 of 100 is 82.4 to 95.1: a standard error of 3 points and more.
  const svg::PercentAxis axis = svg::percent_axis(range);
  CHECK(axis.high - axis.low >= 12.0);
  CHECK(axis.low <= 82.4);
  CHECK(axis.high >= 95.1);
}

TEST_CASE("an interval is a line from end to end, or none", "[report][svg]") {
  const auto x = [](double share) { return 100.0 * share; };
  CHECK_THAT(svg::whisker({.low = 0.1, .high = 0.3}, x, 7.0),
             Contains("x1=\"10.0\"") && Contains("x2=\"30.0\"") && Contains("y1=\"7.0\""));
  CHECK(svg::whisker({.low = 0.1, .high = std::nullopt}, x, 7.0).empty());
  CHECK_THAT(svg::upright_whisker({.low = 0.1, .high = 0.3}, 5.0, x),
             Contains("y1=\"10.0\"") && Contains("y2=\"30.0\"") && Contains("x1=\"5.0\""));
  CHECK(svg::upright_whisker({}, 5.0, x).empty());
}

TEST_CASE("a grid labels its ticks with as many decimals as they need", "[report][svg]") {
  const auto y = [](double share) { return 100.0 - 100.0 * share; };
  const std::string coarse = svg::percent_grid({.low = 80, .high = 90, .step = 5}, 0, 10, y);
  CHECK_THAT(coarse, Contains(">80 %<") && Contains(">85 %<") && Contains(">90 %<"));
  const std::string fine = svg::percent_grid({.low = 90, .high = 91, .step = 0.5}, 0, 10, y);
  CHECK_THAT(fine, Contains(">90.5 %<"));
}

TEST_CASE("shapes escape what they are given", "[report][svg]") {
  CHECK_THAT(svg::text_at(1, 2, "class=\"tick\"", "a<b>&\"c\""),
             Contains("a&lt;b&gt;&amp;") && !Contains("<b>"));
  CHECK_THAT(svg::picture(10, "a \"label\"", ""), !Contains("\"a \"label\"\""));
  CHECK_THAT(svg::bar(0, 0, 0.0, 5, "red"), Contains("width=\"1.0\""));  // a hair, to be seen
}

TEST_CASE("a table on the page has a cell for each of its own", "[report][page]") {
  const std::string html = html_table({.titles = {"a", "b"}, .rows = {{"1", "<2>"}, {"3", "4"}}});
  CHECK_THAT(html, Contains("<th>a</th><th>b</th>") && Contains("<td>1</td><td>&lt;2&gt;</td>"));
  CHECK_THAT(html_section("T & t", "lead", "<p>body</p>"),
             Contains("<h2>T &amp; t</h2>") && Contains("<p>body</p>"));
}

TEST_CASE("a page has a style for light, dark and paper, and loads nothing", "[report][page]") {
  const std::string page = html_page("a <title>", "<p>body</p>");
  CHECK_THAT(page,
             Contains("<title>a &lt;title&gt; - memspice</title>") && Contains("<p>body</p>"));
  CHECK_THAT(page, Contains("prefers-color-scheme: dark") && Contains("@media print"));
  CHECK_THAT(page, !Contains("src=") && !Contains("@import") && !Contains("url("));
}

TEST_CASE("bars are as long as their values, logarithmic ones as their decades",
          "[report][plots]") {
  const auto width_of = [](const std::string& plot, int k) {
    std::size_t at = 0;
    for (int b = 0; b <= k; ++b) at = plot.find("<rect", at) + 5;
    const std::size_t width = plot.find("width=\"", at) + 7;
    return std::stod(plot.substr(width, plot.find('"', width) - width));
  };
  const std::string linear = plot_bars({{"a", {{"1", "red", 1.0}}}, {"b", {{"2", "red", 2.0}}}});
  CHECK(width_of(linear, 1) == Approx(2.0 * width_of(linear, 0)).epsilon(0.01));
  const std::string log = plot_log_bars({{"a", {{"", "red", 1e-4}}},
                                         {"b", {{"", "red", 1e-3}}},
                                         {"c", {{"", "red", 1e-2}}},
                                         {"d", {{"", "red", 0.0}}}});
  const double decade = width_of(log, 1) - width_of(log, 0);
  CHECK(width_of(log, 2) - width_of(log, 1) == Approx(decade).epsilon(0.01));
  CHECK(width_of(log, 3) == Approx(1.0));  // not positive: at the axis' start
}

TEST_CASE("shares and changes are told with what their images leave open", "[report]") {
  const simulate::Share share = simulate::share_of(9185, 10000);
  // Sums of the binomial distribution, bisected for tails of 2.5 %: 0.91296 to 0.92379.
  CHECK(with_interval(share) == "91.85 % (91.30 to 92.38)");
  simulate::Share doubted = share;
  doubted.trusted = false;
  CHECK_THAT(with_interval(doubted), Catch::EndsWith("not to be trusted"));
  CHECK(interval_text({}).empty());
  CHECK(change_text(std::nullopt).empty());
  std::vector<float> before(1000, 1.0F), after(1000, 1.0F);
  for (int k = 0; k < 10; ++k) after[static_cast<std::size_t>(k)] = 0.0F;
  const auto change = simulate::paired_change(before, after);
  CHECK_THAT(change_text(change), Catch::StartsWith("-1.00 ("));
}
