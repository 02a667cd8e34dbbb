#pragma once
// One question that a run answers, as data: a title, what the figures mean, charts, tables, and its
// part of results.json. Terminal, page and results.json render the same section.

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "report/chart.hpp"
#include "report/heat_map.hpp"
#include "report/page_parts.hpp"

namespace memspice::report {

struct SectionTable {
  std::string lead = {};  ///< above it, beyond what the section says
  Table table;
  std::size_t text_columns = 1;  ///< from the first: aligned to the left in a terminal
  bool has_total = false;        ///< the last row, ruled off in a terminal
};

struct Section {
  std::string title, lead;
  std::vector<Chart> charts = {};
  std::vector<HeatMap> maps = {};
  std::vector<SectionTable> tables = {};
  std::vector<std::string> remarks = {};  ///< below, a line each
  std::string key = {};                   ///< of its value in results.json; empty: it has none
  std::shared_ptr<const nlohmann::ordered_json> json = nullptr;  ///< that value
  bool on_page_only = false;  ///< for those who look closer: left out of a terminal
};
using Sections = std::vector<Section>;

/// For a terminal: text and tables, at most 96 columns of text.
std::string to_terminal(const Section& section);
std::string to_terminal(const Sections& sections);
/// For the page: charts and maps between lead and tables.
std::string to_html(const Section& section);
std::string to_html(const Sections& sections);
/// Puts every section's value in the place of its key.
void add_json(const Sections& sections, nlohmann::ordered_json& results);

/// A section's value.
std::shared_ptr<const nlohmann::ordered_json> share(nlohmann::ordered_json json);

}  // namespace memspice::report
