// The renderers of a made-up section.

#include "report/section.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/text.hpp"

using namespace memspice;
using namespace memspice::report;
using Catch::Matchers::Contains;

namespace {

Section made_up() {
  return {.title = "Made <up>",
          .lead = "What the figures hold for. " + std::string(40, 'x') + ' ' +
                  std::string(40, 'y') + " end.",
          .charts = {{.kind = ChartKind::Strip,
                      .title = "dots",
                      .series = {{.name = {}, .points = {{.value = 0.5}}}}}},
          .tables = {{.lead = "By layer.",
                      .table = {.titles = {"layer", "kind", "value"},
                                .rows = {{"conv1", "a", "1"}, {"all", "", "22"}}},
                      .text_columns = 2,
                      .has_total = true}},
          .remarks = {"One remark."},
          .key = "made_up",
          .json = share({{"value", 22}})};
}

}  // namespace

TEST_CASE("a terminal gets title, wrapped lead, tables and remarks", "[report][section]") {
  const std::string text = to_terminal(made_up());
  CHECK_THAT(text, Catch::Matchers::StartsWith("\nMade <up>\nWhat the figures hold for."));
  for (const std::string& line : split(text, '\n')) CHECK(line.size() <= 96);
  CHECK_THAT(text, Contains("\nBy layer.\n\n  layer  kind  value\n"));
  CHECK_THAT(text, Contains("  conv1  a         1\n") && Contains("  all             22\n"));
  CHECK_THAT(text, Contains("---"));
  CHECK_THAT(text, Catch::Matchers::EndsWith("  One remark.\n"));
}

TEST_CASE("a percent sign stays on its number's line", "[report][section]") {
  const std::string filler(90, 'x');
  const std::string text = to_terminal(Section{.title = "t", .lead = filler + " 12.5 % more"});
  CHECK(text == "\nt\n" + filler + "\n12.5 % more\n");
}

TEST_CASE("the page gets charts between lead and tables, escaped", "[report][section]") {
  const std::string page = to_html(made_up());
  CHECK_THAT(page, Contains("<h2>Made &lt;up&gt;</h2>") && !Contains("<up>"));
  CHECK(page.find("<svg") < page.find("<table"));
  CHECK(page.find("By layer.") < page.find("<table"));
  CHECK(page.find("One remark.") > page.find("</table>"));
}

TEST_CASE("results.json takes a section in the place of its key", "[report][section]") {
  nlohmann::ordered_json results{{"first", 1}, {"made_up", nullptr}, {"last", 2}};
  Section silent = made_up();
  silent.key.clear();
  add_json({made_up(), silent}, results);
  CHECK(results.dump() == R"({"first":1,"made_up":{"value":22},"last":2})");
}

TEST_CASE("several sections follow each other", "[report][section]") {
  const Sections two{made_up(), made_up()};
  CHECK(to_terminal(two) == to_terminal(made_up()) + to_terminal(made_up()));
  CHECK(to_html(two) == to_html(made_up()) + to_html(made_up()));
  CHECK(to_terminal(Sections{}).empty());
}
