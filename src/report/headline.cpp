#include "report/headline.hpp"

#include "base/text.hpp"
#include "base/units.hpp"
#include "report/answer.hpp"
#include "report/hardware.hpp"
#include "report/numbers.hpp"
#include "report/page_parts.hpp"
#include "report/plots.hpp"
#include "report/share_text.hpp"

namespace memspice::report {
namespace {

std::string figure(const std::string& value, const std::string& meaning) {
  return "<div class=\"figure\"><b>" + escape_html(value) + "</b><span>" + escape_html(meaning) +
         "</span></div>\n";
}

/// The accuracy that the run answers with and, of samples, how far down they reach.
std::string answer_figures(const RunReport& report) {
  const std::optional<Answer> answer = answer_of(report);
  if (!answer) return "";
  const std::string interval = interval_text(answer->share.interval);
  std::string out = figure(percent(answer->share),
                           answer->meaning + (interval.empty() ? "" : ", 95 %: " + interval) +
                               (answer->share.trusted ? "" : "; not to be trusted"));
  if (!report.variability || report.variability->programmed.percentiles.empty()) return out;
  const simulate::Percentile& low = report.variability->programmed.percentiles.front();
  return out +
         figure(percent(low.value),
                to_text_rounded(low.rank, 4) + " % of samples are below; without the effects " +
                    percent(report.variability->nominal));
}

/// The total with the arrays' part; the arrays alone where nothing else is priced.
std::string energy_figure(const RunReport& report) {
  const std::string arrays = format_quantity(report.array_energy, Unit::Joule, 3);
  const std::optional<double> total = total_energy(report);
  if (!total) return figure(arrays, "energy of the arrays alone per image; nothing else is priced");
  return figure(format_quantity(*total, Unit::Joule, 3),
                "energy per image, of which arrays " + arrays);
}

/// Before anything else on the page.
std::string warning_section(const RunReport& report) {
  std::string list;
  for (const std::string& warning : report.warnings) list += html_tag("li", warning);
  if (list.empty()) return "";
  return "<section class=\"warning\"><h2>Not to be trusted</h2>\n<ul>\n" + list +
         "</ul></section>\n";
}

}  // namespace

std::string headline_html(const RunReport& report) {
  std::string out = "<h1>" + escape_html(report.flow) + "</h1>\n";
  std::string lead = report.network;
  if (!report.data.empty()) lead += (lead.empty() ? "" : " on ") + report.data;
  if (report.images > 0) lead += ", " + with_thousands(report.images) + " images";
  out += html_tag("p", lead + ", seed " + std::to_string(report.seed));
  out += "<div class=\"figures\">\n";
  out += answer_figures(report);
  const auto dice = report.segmentation ? report.segmentation->dice.of("calibrated") : std::nullopt;
  if (dice) out += figure(percent(*dice), "Dice, calibrated tiles");
  if (report.calibration) {
    out += figure(error_percent(report.calibration->held_out.of("calibrated").nrmse),
                  "tile error against SPICE, held out");
  }
  out += energy_figure(report);
  out += figure(with_thousands(crossbar_count(report)), "crossbars");
  out += figure(with_thousands(report.memristors), "memristors");
  return out + "</div>\n" + warning_section(report);
}

}  // namespace memspice::report
