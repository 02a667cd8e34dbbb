// The page's part on programming.

#include "report/numbers.hpp"
#include "report/plots.hpp"
#include "report/programming_report.hpp"

namespace memspice::report {
namespace {

std::string tag(const std::string& name, const std::string& text) {
  return '<' + name + '>' + escape_html(text) + "</" + name + '>';
}

std::string table_of(const ProgrammingTable& table) {
  std::string out = "<div class=\"scroll\"><table>\n<tr>";
  for (const std::string& title : table.titles) out += tag("th", title);
  out += "</tr>\n";
  for (const auto& row : table.rows) {
    out += "<tr>";
    for (const std::string& cell : row) out += tag("td", cell);
    out += "</tr>\n";
  }
  return out + "</table></div>\n";
}

std::string section(const std::string& title, const std::string& lead, const std::string& body) {
  return "<section>\n" + tag("h2", title) + '\n' + tag("p", lead) + '\n' + body + "</section>\n";
}

}  // namespace

std::string programming_html(const ProgrammingReport& report) {
  return section("Programming by write-verify",
                 report.card + ", " + report.scheme + ", " + report.ramp + ". Accuracy " +
                     percent(report.programmed) + " as programmed, " + percent(report.perfect) +
                     " with perfect programming. Bars: cells by the number of their pulses. Tiles "
                     "are written side by side, the cells of one in turn.",
                 plot_pulses(report) + table_of(writing_table(report))) +
         section("What programming left",
                 "Errors of the final conductances in shares of the window; disturb is what pulses "
                 "on other cells changed after a cell's own writing. " +
                     agreement_text(report) + (report.failure.empty() ? "" : ' ' + report.failure),
                 table_of(outcome_table(report)));
}

}  // namespace memspice::report
