#include "report/plots.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/text.hpp"
#include "report/numbers.hpp"
#include "report/svg.hpp"

namespace memspice::report {
namespace {

using namespace svg;

constexpr double kLeft = 96.0;    // names of rows
constexpr double kRight = 110.0;  // labels behind bars
constexpr double kPlot = kWidth - kLeft - kRight;

/// An axis value as text: 0.001 for small powers of ten, without an exponent.
std::string tick_label(double value) {
  const int decimals = value >= 1.0 ? 0 : static_cast<int>(std::ceil(-std::log10(value) - 1e-9));
  return fixed(value, decimals);
}

/// A logarithmic axis over whole decades.
struct LogAxis {
  double low, high;  ///< exponents of ten

  double x(double value) const {
    const double exponent = value > 0.0 ? std::log10(value) : low;
    return kLeft + kPlot * std::clamp((exponent - low) / (high - low), 0.0, 1.0);
  }
};

LogAxis axis_of(const std::vector<Row>& rows) {
  double least = 1.0, most = 1e-12;
  for (const Row& row : rows) {
    for (const Mark& mark : row.marks) {
      if (mark.value > 0.0) least = std::min(least, mark.value);
      most = std::max(most, mark.value);
    }
  }
  const double low = std::floor(std::log10(least) - 0.3);
  return {low, std::max(std::ceil(std::log10(most)), low + 1.0)};
}

std::string grid_of(const LogAxis& axis, double bottom) {
  std::string grid;
  for (double exponent = axis.low; exponent <= axis.high + 0.5; exponent += 1.0) {
    const double value = std::pow(10.0, exponent), x = axis.x(value);
    grid += line(x, 4.0, x, bottom - 4.0, "grid");
    grid += text_at(x,
                    bottom + 12.0,
                    "class=\"tick\" text-anchor=\"middle\"",
                    tick_label(100.0 * value) + " %");
  }
  return grid;
}

}  // namespace

std::string escape_html(const std::string& text) {
  constexpr std::array<std::pair<char, std::string_view>, 5> entities{
      {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}}};
  std::string out;
  for (const char c : escape_controls(text)) {
    const auto* entity = std::ranges::find(entities, c, &std::pair<char, std::string_view>::first);
    out += entity == entities.end() ? std::string_view(&c, 1) : entity->second;
  }
  return out;
}

std::string plot_log_bars(const std::vector<Row>& rows) {
  constexpr double height = 14.0;
  const LogAxis axis = axis_of(rows);
  std::string bars;
  double y = 10.0;
  for (const Row& row : rows) {
    const double middle = y + 0.5 * height * static_cast<double>(row.marks.size());
    bars += row_name(kLeft, middle + 5.0, row.name);
    for (const Mark& mark : row.marks) {
      const double x = axis.x(mark.value);
      bars += bar(kLeft, y + 1.0, x - kLeft, height - 3.0, mark.colour);
      bars += text_at(x + 6.0, y + 10.5, "class=\"small\"", mark.label);
      y += height;
    }
    y += 12.0;
  }
  return picture(y + 22.0, "Error of the tile models per layer", grid_of(axis, y) + bars);
}

std::string plot_bars(const std::vector<Row>& rows) {
  double most = 0.0;
  for (const Row& row : rows) most = std::max(most, row.marks.front().value);
  std::string body;
  double y = 6.0;
  for (const Row& row : rows) {
    const Mark& mark = row.marks.front();
    const double width = most > 0.0 ? kPlot * mark.value / most : 0.0;
    body += row_name(kLeft, y + 15.0, row.name);
    body += bar(kLeft, y + 2.0, width, 18.0, mark.colour);
    body += text_at(kLeft + width + 8.0, y + 15.5, "class=\"small\"", mark.label);
    y += 28.0;
  }
  return picture(y + 4.0, "Energy per layer", body);
}

}  // namespace memspice::report
