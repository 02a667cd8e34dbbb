#include "report/plots.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "report/numbers.hpp"
#include "report/svg.hpp"
#include "report/text_table.hpp"

namespace memspice::report {
namespace {

using namespace svg;

constexpr double kLeft = 96.0;    // names of rows
constexpr double kRight = 110.0;  // labels behind bars
constexpr double kPlot = kWidth - kLeft - kRight;

/// The name of a row, shortened to what fits beside the plot.
std::string row_name(double y, const std::string& name) {
  constexpr std::size_t longest = 12;
  const std::string text = display_width(name) <= longest ? name : shorten(name, longest - 1) + "…";
  return text_at(kLeft - 12.0, y, "class=\"name\" text-anchor=\"end\"", text);
}

/// An axis value as text: 0.001 for small powers of ten, without an exponent.
std::string tick_label(double value) {
  const int decimals = value >= 1.0 ? 0 : static_cast<int>(std::ceil(-std::log10(value) - 1e-9));
  return fixed(value, decimals);
}

}  // namespace

std::string escape_html(const std::string& text) {
  std::string out;
  for (const char c : escape_controls(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string plot_log_bars(const std::vector<Row>& rows) {
  double least = 1.0;
  double most = 1e-12;
  for (const Row& row : rows) {
    for (const Mark& mark : row.marks) {
      if (mark.value > 0.0) least = std::min(least, mark.value);
      most = std::max(most, mark.value);
    }
  }
  const double low = std::floor(std::log10(least) - 0.3);
  const double high = std::max(std::ceil(std::log10(most)), low + 1.0);
  const auto x_of = [&](double value) {
    const double exponent = value > 0.0 ? std::log10(value) : low;
    return kLeft + kPlot * std::clamp((exponent - low) / (high - low), 0.0, 1.0);
  };
  std::string grid;
  std::string bars;
  double y = 10.0;
  for (const Row& row : rows) {
    const double height = 14.0;
    const double middle = y + 0.5 * height * static_cast<double>(row.marks.size());
    bars += row_name(middle + 5.0, row.name);
    for (const Mark& mark : row.marks) {
      bars += bar(kLeft, y + 1.0, x_of(mark.value) - kLeft, height - 3.0, mark.colour);
      bars += text_at(x_of(mark.value) + 6.0, y + 10.5, "class=\"small\"", mark.label);
      y += height;
    }
    y += 12.0;
  }
  for (double exponent = low; exponent <= high + 0.5; exponent += 1.0) {
    const double x = x_of(std::pow(10.0, exponent));
    grid += line(x, 4.0, x, y - 4.0, "grid");
    grid += text_at(x,
                    y + 12.0,
                    "class=\"tick\" text-anchor=\"middle\"",
                    tick_label(100.0 * std::pow(10.0, exponent)) + " %");
  }
  return picture(y + 22.0, "Error of the tile models per layer", grid + bars);
}

std::string plot_bars(const std::vector<Row>& rows) {
  double most = 0.0;
  for (const Row& row : rows) most = std::max(most, row.marks.front().value);
  std::string body;
  double y = 6.0;
  for (const Row& row : rows) {
    const Mark& mark = row.marks.front();
    const double width = most > 0.0 ? kPlot * mark.value / most : 0.0;
    body += row_name(y + 15.0, row.name);
    body += bar(kLeft, y + 2.0, width, 18.0, mark.colour);
    body += text_at(kLeft + width + 8.0, y + 15.5, "class=\"small\"", mark.label);
    y += 28.0;
  }
  return picture(y + 4.0, "Energy per layer", body);
}

}  // namespace memspice::report
