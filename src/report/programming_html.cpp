// The page's part on programming.

#include "report/numbers.hpp"
#include "report/page_parts.hpp"
#include "report/plots.hpp"
#include "report/programming_report.hpp"
#include "report/share_text.hpp"

namespace memspice::report {
std::string programming_html(const ProgrammingReport& report) {
  return html_section("Programming by write-verify",
                      report.card + ", " + report.scheme + ", " + report.ramp + ". Accuracy " +
                          with_interval(report.programmed) + " as programmed, " +
                          with_interval(report.perfect) + " with perfect programming" +
                          (report.change ? ": " + change_text(report.change) + " points" : "") +
                          ". Bars: cells by the number of their pulses. Tiles "
                          "are written side by side, the cells of one in turn.",
                      plot_pulses(report) + html_table(writing_table(report))) +
         html_section(
             "What programming left",
             "Errors of the final conductances in shares of the window; disturb is what pulses "
             "on other cells changed after a cell's own writing. " +
                 agreement_text(report) + (report.failure.empty() ? "" : ' ' + report.failure),
             html_table(outcome_table(report)));
}

}  // namespace memspice::report
