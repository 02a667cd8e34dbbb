#pragma once
// What the parts of report.html are made of.

#include <string>
#include <vector>

namespace memspice::report {

/// Cells by row, under one title each.
struct Table {
  std::vector<std::string> titles;
  std::vector<std::vector<std::string>> rows;
};

/// <name>text</name> and a newline; the text is escaped.
std::string html_tag(const std::string& name, const std::string& text);
/// A titled section with a lead paragraph; `body` is HTML.
std::string html_section(const std::string& title,
                         const std::string& lead,
                         const std::string& body);
std::string html_table(const Table& table);

}  // namespace memspice::report
