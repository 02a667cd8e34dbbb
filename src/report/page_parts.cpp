#include "report/page_parts.hpp"

#include "report/plots.hpp"

namespace memspice::report {

std::string html_tag(const std::string& name, const std::string& text) {
  return '<' + name + '>' + escape_html(text) + "</" + name + ">\n";
}

std::string html_section(const std::string& title,
                         const std::string& lead,
                         const std::string& body) {
  return "<section>\n" + html_tag("h2", title) + html_tag("p", lead) + body + "</section>\n";
}

std::string html_table(const Table& table) {
  std::string out = "<div class=\"scroll\"><table>\n<tr>";
  for (const std::string& title : table.titles) out += "<th>" + escape_html(title) + "</th>";
  out += "</tr>\n";
  for (const auto& row : table.rows) {
    out += "<tr>";
    for (const std::string& cell : row) out += "<td>" + escape_html(cell) + "</td>";
    out += "</tr>\n";
  }
  return out + "</table></div>\n";
}

}  // namespace memspice::report
