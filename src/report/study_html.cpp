// The page of a study.

#include "report/page.hpp"
#include "report/plots.hpp"
#include "report/study.hpp"

namespace memspice::report {
namespace {

std::string claims_of(const Study& study) {
  if (study.layout.claims.empty()) return "";
  std::string list = "<ul>\n";
  for (const std::string& claim : study.layout.claims) list += html_tag("li", claim);
  return html_section(
      "Claimed elsewhere", "To be laid beside the figures above.", list + "</ul>\n");
}

std::string failures_of(const Study& study) {
  std::string list;
  for (const StudyRow& row : study.rows) {
    if (!row.failure.empty()) list += html_tag("li", row.name + ": " + row.failure);
  }
  if (list.empty()) return "";
  return html_section("Failed", "These variants gave no result.", "<ul>\n" + list + "</ul>\n");
}

/// Each variant's own page, which tells of layers, calibration and cost.
std::string links_of(const Study& study) {
  std::string list;
  for (const StudyRow& row : study.rows) {
    if (!row.report || row.folder.empty()) continue;
    list += "<li><a href=\"" + escape_html(row.folder) + "/report.html\">" + escape_html(row.name) +
            "</a></li>\n";
  }
  if (list.empty()) return "";
  return html_section(
      "Each run", "Layers, calibration, cost, settings.", "<ul>\n" + list + "</ul>\n");
}

std::string plots_of(const Study& study) {
  std::string body;
  for (const std::string& plot : study_plots(study)) body += plot;
  if (body.empty()) return "";
  const std::string over = study.layout.x.empty() ? "" : "Against " + study.layout.x + ". ";
  return html_section(
      "What the variants cost and give",
      over +
          "Accuracies stand on an axis around their values, and values that span more "
          "than a factor of twenty on a logarithmic one.",
      body);
}

/// Each change below its number, which keeps many columns on the page.
std::string side_by_side(const Study& study) {
  const Table table = study_table(study);
  std::string out = "<div class=\"scroll\"><table class=\"pairs\">\n<tr><th>variant</th>";
  for (std::size_t k = 1; k < table.titles.size(); k += 2) out += html_tag("th", table.titles[k]);
  out += "</tr>\n";
  for (const std::vector<std::string>& row : table.rows) {
    out += "<tr>" + html_tag("td", row.front());
    for (std::size_t k = 1; k < row.size(); k += 2) {
      out += "<td>" + escape_html(row[k]) + html_tag("small", row[k + 1]) + "</td>";
    }
    out += "</tr>\n";
  }
  return out + "</table></div>\n";
}

}  // namespace

std::string study_html(const Study& study) {
  const std::string title = study.layout.title.empty() ? study.flow : study.layout.title;
  return html_page(title,
                   html_tag("h1", title) +
                       html_section("Side by side",
                                    "Below each number its change against the first variant, or "
                                    "the first of the same series; shares in points.",
                                    side_by_side(study)) +
                       plots_of(study) + claims_of(study) + failures_of(study) + links_of(study));
}

}  // namespace memspice::report
