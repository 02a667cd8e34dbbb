#pragma once
// Plots as inline SVG: text and shapes only, nothing is loaded.

#include <string>
#include <vector>

namespace memspice::report {

/// Text as it may stand in HTML or SVG, in content and in quoted attributes.
std::string escape_html(const std::string& text);

/// One value among several of a row.
struct Mark {
  std::string label;  ///< shown beside the mark
  std::string colour;
  double value = 0.0;
};

/// Rows of bars from a common start.
struct Row {
  std::string name;
  std::vector<Mark> marks;
};
/// Logarithmic axis in percent; values that are not positive are drawn at the axis' start.
std::string plot_log_bars(const std::vector<Row>& rows);
/// Linear axis from zero; one mark per row.
std::string plot_bars(const std::vector<Row>& rows);

}  // namespace memspice::report
