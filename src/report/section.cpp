#include "report/section.hpp"

#include <nlohmann/json.hpp>
#include <sstream>

#include "report/text_table.hpp"

namespace memspice::report {
namespace {

constexpr std::size_t kTextWidth = 96;

/// Words in lines of at most kTextWidth, each behind `indent` blanks. A percent sign stays with its
/// number.
std::string wrapped(const std::string& text, std::size_t indent) {
  std::istringstream words(text);
  std::string out, current, word;
  const std::string margin(indent, ' ');
  while (words >> word) {
    const bool fits = indent + display_width(current) + 1 + display_width(word) <= kTextWidth;
    if (!current.empty() && !fits) {
      const std::size_t last = current.rfind(' ');
      const bool splits = word.front() == '%' && last != std::string::npos;
      out += margin + current.substr(0, splits ? last : current.size()) + '\n';
      current = splits ? current.substr(last + 1) : "";
    }
    current += (current.empty() ? "" : " ") + word;
  }
  return current.empty() ? out : out + margin + current + '\n';
}

std::string text_of(const SectionTable& section_table) {
  std::vector<TextTable::Column> columns;
  for (const std::string& title : section_table.table.titles) {
    const bool is_text = columns.size() < section_table.text_columns;
    columns.push_back({title, is_text ? Align::Left : Align::Right});
  }
  TextTable table(std::move(columns));
  for (const auto& row : section_table.table.rows) {
    if (section_table.has_total && &row == &section_table.table.rows.back()) table.add_rule();
    table.add(row);
  }
  return table.str();
}

template <typename Render>
std::string join_sections(const Sections& sections, Render render) {
  std::string text;
  for (const Section& section : sections) text += render(section);
  return text;
}

}  // namespace

std::string to_terminal(const Section& section) {
  if (section.on_page_only) return "";
  std::string text = '\n' + section.title + '\n' + wrapped(section.lead, 0);
  for (const SectionTable& table : section.tables) {
    text += '\n' + wrapped(table.lead, 0) + (table.lead.empty() ? "" : "\n") + text_of(table);
  }
  for (const std::string& remark : section.remarks) text += wrapped(remark, 2);
  return text;
}

std::string to_terminal(const Sections& sections) {
  return join_sections(sections, [](const Section& section) { return to_terminal(section); });
}

std::string to_html(const Section& section) {
  std::string body;
  for (const Chart& chart : section.charts) body += draw(chart);
  body += draw(section.maps);
  for (const SectionTable& table : section.tables) {
    if (!table.lead.empty()) body += html_tag("p", table.lead);
    body += html_table(table.table);
  }
  for (const std::string& remark : section.remarks) body += html_tag("p", remark);
  return html_section(section.title, section.lead, body);
}

std::string to_html(const Sections& sections) {
  return join_sections(sections, [](const Section& section) { return to_html(section); });
}

void add_json(const Sections& sections, nlohmann::ordered_json& results) {
  for (const Section& section : sections) {
    if (!section.key.empty() && section.json) results[section.key] = *section.json;
  }
}

std::shared_ptr<const nlohmann::ordered_json> share(nlohmann::ordered_json json) {
  return std::make_shared<const nlohmann::ordered_json>(std::move(json));
}

}  // namespace memspice::report
