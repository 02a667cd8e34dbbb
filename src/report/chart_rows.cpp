// Charts of one axis of values: dots on a strip, a ladder of rows, counts.

#include <algorithm>
#include <cmath>

#include "report/chart_parts.hpp"
#include "report/numbers.hpp"
#include "report/text_table.hpp"

namespace memspice::report::svg {
namespace {

/// A horizontal axis of shares from `left` to `right`.
struct RowAxis {
  PercentAxis percent;
  double left = 64.0, right = kWidth - 24.0;

  double x(double share) const {
    return left + (right - left) * (100.0 * share - percent.low) / (percent.high - percent.low);
  }
};

/// A vertical axis of counts from 0 to at least `most`.
struct CountAxis {
  static constexpr double kTop = 12.0, kBottom = 172.0;
  double step, high;

  explicit CountAxis(double most)
      : step(nice_step(std::max(most, 1.0))), high(step * std::max(1.0, std::ceil(most / step))) {}
  double y(double count) const { return kBottom - (kBottom - kTop) * count / high; }
};

std::string label_below(double x, double bottom, const std::string& text) {
  return text_at(x, bottom + 18.0, "class=\"tick\" text-anchor=\"middle\"", text);
}

std::string grid_of(const CountAxis& axis, double left, double right) {
  std::string body;
  for (double tick = 0.0; tick <= axis.high + 0.5; tick += axis.step) {
    const double y = axis.y(tick);
    body += line(left, y, right, y, "grid");
    body += text_at(left - 8.0,
                    y + 4.0,
                    "class=\"tick\" text-anchor=\"end\"",
                    with_thousands(static_cast<long long>(tick)));
  }
  return body;
}

std::string grid_of(const RowAxis& axis, double top, double bottom) {
  std::string body;
  const PercentAxis& percent = axis.percent;
  for (double tick = percent.low; tick <= percent.high + 1e-9 * percent.step;
       tick += percent.step) {
    const double x = axis.x(tick / 100.0);
    body += line(x, top, x, bottom, "grid");
    body += label_below(x, bottom, fixed(tick, percent.decimals()) + " %");
  }
  return body;
}

/// Text around x that stays within the picture.
std::string centred(double x, double y, const std::string& text) {
  const double half = 0.5 * kLetterWidth * static_cast<double>(display_width(text));
  return text_at(
      std::clamp(x, half, kWidth - half), y, "class=\"small\" text-anchor=\"middle\"", text);
}

/// Beside the dot; left of it where there is no room.
std::string ladder_label(double x, double y, const std::string& text) {
  const double width = kLetterWidth * static_cast<double>(display_width(text));
  const bool fits = x + 14.0 + width < kWidth;
  return text_at(fits ? x + 14.0 : x - 14.0,
                 y - 6.0,
                 fits ? "class=\"value\"" : "class=\"value\" text-anchor=\"end\"",
                 text);
}

}  // namespace

std::string draw_strip(const Chart& chart) {
  constexpr double top = 22.0, bottom = 92.0;
  const std::vector<ChartPoint>& points = chart.series.front().points;
  ShareRange range;
  if (chart.reference) range.add(chart.reference->value);
  if (chart.reference) range.add(chart.reference->interval);
  for (const ChartPoint& point : points) range.add(point.value);
  range.add(chart.mean);
  const RowAxis axis{.percent = percent_axis(range)};
  const auto x_of = [&](double share) { return axis.x(share); };
  std::string body = grid_of(axis, top, bottom);
  if (chart.reference) {
    const double x = axis.x(chart.reference->value);
    body += line(x, top, x, bottom, "path") + centred(x, top - 6.0, chart.reference->name);
  }
  body += whisker(chart.mean, x_of, bottom - 2.0);
  // Spread over the height by turns, so that close ones stay apart.
  for (std::size_t k = 0; k < points.size(); ++k) {
    const double y = top + 10.0 + 12.0 * static_cast<double>(k % 5);
    body += dot(axis.x(points[k].value), y, 5.0, Tone::Plain, percent(points[k].value));
  }
  return picture(bottom + 30.0, chart.title, body);
}

std::string draw_ladder(const Chart& chart) {
  constexpr double top = 16.0, row = 44.0;
  const std::vector<ChartPoint>& points = chart.series.front().points;
  ShareRange range;
  for (const ChartPoint& point : points) {
    range.add(point.value);
    range.add(point.interval);
  }
  const RowAxis axis{.percent = percent_axis(range), .left = 96.0, .right = kWidth - 110.0};
  const auto x_of = [&](double share) { return axis.x(share); };
  const auto y_of = [&](std::size_t k) { return top + row * (static_cast<double>(k) + 0.5); };
  const double bottom = top + row * static_cast<double>(points.size());
  std::string body = grid_of(axis, top, bottom), dots;
  for (std::size_t k = 0; k < points.size(); ++k) {
    const double x = axis.x(points[k].value), y = y_of(k);
    if (k > 0) body += line(axis.x(points[k - 1].value), y_of(k - 1), x, y, "path");
    body += row_name(axis.left, y + 5.0, points[k].name) + whisker(points[k].interval, x_of, y);
    body += ladder_label(x, y, points[k].label);
    dots += dot(x, y, 7.0, Tone::Plain, points[k].name + ": " + share_hover(points[k]));
  }
  return picture(bottom + 30.0, chart.title, body + dots);
}

std::string draw_histogram(const Chart& chart) {
  constexpr double left = 64.0, right = 24.0;
  const std::vector<ChartPoint>& points = chart.series.front().points;
  const CountAxis axis(std::ranges::max_element(points, {}, &ChartPoint::value)->value);
  const double width = (kWidth - left - right) / static_cast<double>(points.size());
  std::string body = grid_of(axis, left, kWidth - right);
  const auto labelled = std::max<std::size_t>(
      static_cast<std::size_t>(nice_step(static_cast<double>(points.size()))), 1);
  for (std::size_t k = 0; k < points.size(); ++k) {
    const double x = left + width * static_cast<double>(k), y = axis.y(points[k].value);
    const auto count = static_cast<long long>(points[k].value);
    body += "<g><title>" + std::to_string(k) + ": " + with_thousands(count) + "</title>" +
            bar(x, y, std::max(width - 1.0, 0.5), CountAxis::kBottom - y, "var(--plain)") +
            "</g>\n";
    if (k % labelled == 0)
      body += label_below(x + 0.5 * width, CountAxis::kBottom, std::to_string(k));
  }
  return picture(CountAxis::kBottom + 30.0, chart.title, body);
}

}  // namespace memspice::report::svg
