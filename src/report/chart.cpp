#include "report/chart.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "report/chart_parts.hpp"
#include "report/numbers.hpp"
#include "report/plots.hpp"
#include "report/share_text.hpp"
#include "report/text_table.hpp"

namespace memspice::report {
namespace svg {

std::string tone_class(Tone tone) {
  constexpr const char* classes[] = {"tone-plain", "tone-first", "tone-second"};
  return classes[static_cast<std::size_t>(tone)];
}

std::string dot(double x, double y, double radius, Tone tone, const std::string& hover) {
  const std::string title = hover.empty() ? "" : "<title>" + escape_html(hover) + "</title>";
  return "<circle class=\"dot " + tone_class(tone) + "\" cx=\"" + number(x) + "\" cy=\"" +
         number(y) + "\" r=\"" + number(radius) + "\">" + title + "</circle>\n";
}

std::string share_hover(const ChartPoint& point) {
  return with_interval(simulate::Share(point.value, 0, point.interval));
}

}  // namespace svg

namespace {

using namespace svg;

constexpr double kLeft = 64.0;
constexpr double kTop = 14.0, kBottom = 254.0;
constexpr double kNameHeight = 16.0;

struct CurveAxes {
  PercentAxis accuracy;
  double first = 0.0, last = 1.0;  ///< of x, or of its logarithm
  double right = kWidth - 24.0;
  bool is_log = false;

  double position(double x) const { return is_log ? std::log10(x) : x; }
  double x(double value) const {
    return kLeft + (right - kLeft) * (position(value) - first) / (last - first);
  }
  double y(double share) const {
    return kBottom -
           (kBottom - kTop) * (100.0 * share - accuracy.low) / (accuracy.high - accuracy.low);
  }
};

/// Without points that a logarithmic axis has no place for, and without empty series.
Chart drawable(Chart chart) {
  for (ChartSeries& series : chart.series) {
    std::erase_if(series.points,
                  [&](const ChartPoint& point) { return chart.is_log && point.x <= 0.0; });
  }
  std::erase_if(chart.series, [](const ChartSeries& series) { return series.points.empty(); });
  return chart;
}

CurveAxes axes_of(const Chart& chart) {
  ShareRange range;
  if (chart.reference) range.add(chart.reference->value);
  if (chart.reference) range.add(chart.reference->interval);
  CurveAxes axes{.accuracy = {}, .first = INFINITY, .last = -INFINITY, .is_log = chart.is_log};
  for (const ChartSeries& series : chart.series) {
    if (!series.name.empty()) axes.right = kWidth - 130.0;  // room for names
    for (const ChartPoint& point : series.points) {
      range.add(point.value);
      range.add(point.interval);
      if (point.band.low) range.add(*point.band.low);
      if (point.band.high) range.add(*point.band.high);
      axes.first = std::min(axes.first, axes.position(point.x));
      axes.last = std::max(axes.last, axes.position(point.x));
    }
  }
  if (chart.is_log) axes.first = std::floor(axes.first + 1e-9);
  if (chart.is_log) axes.last = std::ceil(axes.last - 1e-9);
  axes.last = std::max(axes.last, axes.first + 1.0);
  axes.accuracy = percent_axis(range);
  return axes;
}

/// "100 s", "1e-6".
std::string decade_label(double decade, const std::string& unit) {
  const bool is_plain = decade >= 0.0 && decade <= 3.0;
  const std::string text = is_plain ? fixed(std::pow(10.0, decade), 0) : "1e" + fixed(decade, 0);
  return unit.empty() ? text : text + ' ' + unit;
}

/// Values and their labels.
std::vector<std::pair<double, std::string>> ticks_of(const Chart& chart, const CurveAxes& axes) {
  std::vector<std::pair<double, std::string>> ticks;
  if (chart.is_log) {
    for (double decade = axes.first; decade <= axes.last + 0.5; decade += 1.0) {
      ticks.emplace_back(std::pow(10.0, decade), decade_label(decade, chart.unit));
    }
  } else {
    for (const ChartPoint& point : chart.series.front().points) {
      ticks.emplace_back(point.x, fixed(point.x, 0) + (chart.unit.empty() ? "" : ' ' + chart.unit));
    }
  }
  return ticks;
}

/// Labels that would touch the one before them are left out.
std::string x_ticks(const Chart& chart, const CurveAxes& axes) {
  std::string body;
  double free_from = 0.0;
  for (const auto& [value, label] : ticks_of(chart, axes)) {
    const double x = axes.x(value);
    const double half = 0.5 * kLetterWidth * static_cast<double>(display_width(label));
    body += line(x, kTop, x, kBottom, "grid");
    if (x - half < free_from) continue;
    body += text_at(x, kBottom + 18.0, "class=\"tick\" text-anchor=\"middle\"", label);
    free_from = x + half + 6.0;
  }
  return body;
}

std::string draw_band(const ChartSeries& series, const CurveAxes& axes) {
  std::string upper, lower;
  for (const ChartPoint& point : series.points) {
    if (!point.band.low || !point.band.high) return "";
    const std::string x = number(axes.x(point.x));
    upper += x + ',' + number(axes.y(*point.band.high)) + ' ';
    lower = x + ',' + number(axes.y(*point.band.low)) + ' ' + lower;
  }
  return "<polygon class=\"band\" points=\"" + upper + lower + "\"/>\n";
}

std::string draw_curve(const ChartSeries& series, const CurveAxes& axes) {
  std::string lines, dots;
  const std::string stroke = "path " + tone_class(series.tone);
  for (std::size_t k = 0; k < series.points.size(); ++k) {
    const ChartPoint& here = series.points[k];
    const double x = axes.x(here.x), y = axes.y(here.value);
    if (k > 0) {
      const ChartPoint& before = series.points[k - 1];
      lines += line(axes.x(before.x), axes.y(before.value), x, y, stroke);
    }
    lines += upright_whisker(
        here.interval, x, [&](double share) { return std::clamp(axes.y(share), kTop, kBottom); });
    dots += dot(x, y, 5.0, series.tone, share_hover(here));
  }
  return lines + dots;
}

/// Names stand where their curves end; those that would touch are moved apart.
std::string curve_names(const Chart& chart, const CurveAxes& axes) {
  std::vector<std::size_t> order(chart.series.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto end_of = [&](std::size_t k) { return axes.y(chart.series[k].points.back().value); };
  std::ranges::sort(order, {}, end_of);
  std::vector<double> heights;
  for (const std::size_t k : order) {
    const double wanted = end_of(k) + 4.0;
    heights.push_back(heights.empty() ? wanted : std::max(wanted, heights.back() + kNameHeight));
  }
  // What is pushed down is taken back by half, so that the names stand around their curves.
  const double pushed = heights.empty() ? 0.0 : heights.back() - end_of(order.back()) - 4.0;
  std::string body;
  for (std::size_t k = 0; k < order.size(); ++k) {
    const ChartSeries& series = chart.series[order[k]];
    if (series.name.empty()) continue;
    body += text_at(axes.x(series.points.back().x) + 12.0,
                    heights[k] - 0.5 * pushed,
                    "class=\"label " + tone_class(series.tone) + '"',
                    series.name);
  }
  return body;
}

std::string draw_reference(const Chart& chart, const CurveAxes& axes) {
  if (!chart.reference || chart.reference->name.empty()) return "";
  const double y = axes.y(chart.reference->value);
  return line(kLeft, y, axes.right, y, "path") +
         text_at(kLeft + 4.0, y - 6.0, "class=\"small\"", chart.reference->name);
}

std::string draw_curves(const Chart& given) {
  const Chart chart = drawable(given);
  if (chart.series.empty()) return "";
  const CurveAxes axes = axes_of(chart);
  std::string body =
      percent_grid(axes.accuracy, kLeft, axes.right, [&](double share) { return axes.y(share); }) +
      x_ticks(chart, axes);
  for (const ChartSeries& series : chart.series) body += draw_band(series, axes);
  body += draw_reference(chart, axes);
  for (const ChartSeries& series : chart.series) body += draw_curve(series, axes);
  return picture(kBottom + 30.0, chart.title, body + curve_names(chart, axes));
}

}  // namespace

std::string draw(const Chart& chart) {
  if (chart.series.empty() || chart.series.front().points.empty()) return "";
  switch (chart.kind) {
    case ChartKind::Curves:
      return draw_curves(chart);
    case ChartKind::Strip:
      return svg::draw_strip(chart);
    case ChartKind::Ladder:
      return svg::draw_ladder(chart);
    case ChartKind::Histogram:
      return svg::draw_histogram(chart);
  }
  return "";
}

}  // namespace memspice::report
