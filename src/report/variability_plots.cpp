#include <algorithm>
#include <cmath>

#include "report/numbers.hpp"
#include "report/svg.hpp"
#include "report/variability_report.hpp"

namespace memspice::report {
namespace {

using namespace svg;

constexpr double kLeft = 64.0;
constexpr double kRight = 24.0;
constexpr double kPlot = kWidth - kLeft - kRight;

std::string dot(double x, double y, double radius) {
  return "<circle class=\"dot\" cx=\"" + number(x) + "\" cy=\"" + number(y) + "\" r=\"" +
         number(radius) + "\"/>\n";
}

std::string percent_label(double value, const PercentAxis& axis) {
  return fixed(value, axis.decimals()) + " %";
}

/// The span of accuracy that a point's percentiles cover; its mean where there are none.
std::pair<double, double> band_of(const simulate::SampleStatistics& accuracy) {
  double low = accuracy.mean;
  double high = accuracy.mean;
  for (const simulate::Percentile& percentile : accuracy.percentiles) {
    low = std::min(low, percentile.value);
    high = std::max(high, percentile.value);
  }
  return {low, high};
}

/// Axis of accuracy that holds all bands, and of time in whole decades.
struct DriftAxes {
  PercentAxis accuracy;
  double first_decade = 0.0, last_decade = 1.0;
  double top = 12.0, bottom = 252.0;

  double x(double time) const {
    return kLeft + kPlot * (std::log10(time) - first_decade) / (last_decade - first_decade);
  }
  double y(double share) const {
    return bottom -
           (bottom - top) * (100.0 * share - accuracy.low) / (accuracy.high - accuracy.low);
  }
};

DriftAxes axes_of(const VariabilityReport& report) {
  ShareRange range;
  range.add(report.nominal);
  for (const DriftPoint& point : report.drift) {
    const auto [least, most] = band_of(point.accuracy);
    range.add(least);
    range.add(most);
    range.add(point.accuracy.mean_interval);
  }
  DriftAxes axes{.accuracy = percent_axis(range)};
  axes.first_decade = std::floor(std::log10(report.drift.front().time));
  axes.last_decade =
      std::max(std::ceil(std::log10(report.drift.back().time)), axes.first_decade + 1.0);
  return axes;
}

std::string decade_label(double decade) {
  if (decade >= 0.0 && decade <= 3.0) return fixed(std::pow(10.0, decade), 0) + " s";
  return "1e" + fixed(decade, 0) + " s";
}

std::string drift_grid(const DriftAxes& axes) {
  std::string body;
  for (double tick = axes.accuracy.low; tick <= axes.accuracy.high + 1e-9;
       tick += axes.accuracy.step) {
    const double y = axes.y(tick / 100.0);
    body += line(kLeft, y, kLeft + kPlot, y, "grid");
    body += text_at(kLeft - 8.0,
                    y + 4.0,
                    "class=\"tick\" text-anchor=\"end\"",
                    percent_label(tick, axes.accuracy));
  }
  for (double decade = axes.first_decade; decade <= axes.last_decade + 0.5; decade += 1.0) {
    const double x = axes.x(std::pow(10.0, decade));
    body += line(x, axes.top, x, axes.bottom, "grid");
    body += text_at(
        x, axes.bottom + 18.0, "class=\"tick\" text-anchor=\"middle\"", decade_label(decade));
  }
  return body;
}

std::string drift_band(const VariabilityReport& report, const DriftAxes& axes) {
  std::string upper;
  std::string lower;
  for (const DriftPoint& point : report.drift) {
    const auto [low, high] = band_of(point.accuracy);
    const std::string x = number(axes.x(point.time));
    upper += x + ',' + number(axes.y(high)) + ' ';
    lower = x + ',' + number(axes.y(low)) + ' ' + lower;
  }
  return "<polygon class=\"band\" points=\"" + upper + lower + "\"/>\n";
}

}  // namespace

std::string plot_samples(const VariabilityReport& report) {
  if (report.accuracies.empty()) return "";
  ShareRange range;
  range.add(report.nominal);
  range.add(report.programmed.least);
  range.add(report.programmed.most);
  range.add(report.programmed.mean_interval);
  const PercentAxis axis = percent_axis(range);
  const double top = 22.0;
  const double bottom = 92.0;
  const auto x_of = [&](double share) {
    return kLeft + kPlot * (100.0 * share - axis.low) / (axis.high - axis.low);
  };
  std::string body;
  for (double tick = axis.low; tick <= axis.high + 1e-9; tick += axis.step) {
    const double x = x_of(tick / 100.0);
    body += line(x, top, x, bottom, "grid");
    body += text_at(
        x, bottom + 18.0, "class=\"tick\" text-anchor=\"middle\"", percent_label(tick, axis));
  }
  const double nominal = x_of(report.nominal);
  body += line(nominal, top, nominal, bottom, "path");
  body +=
      text_at(nominal, top - 6.0, "class=\"small\" text-anchor=\"middle\"", "without the effects");
  body += whisker(report.programmed.mean_interval, x_of, bottom - 2.0);
  // Spread over the height by turns, so that close samples stay apart.
  for (std::size_t k = 0; k < report.accuracies.size(); ++k) {
    const double y = top + 10.0 + 12.0 * static_cast<double>(k % 5);
    body += dot(x_of(report.accuracies[k]), y, 5.0);
  }
  return picture(bottom + 30.0, "Accuracy of each sample", body);
}

std::string plot_drift(const VariabilityReport& report) {
  if (report.drift.empty()) return "";
  const DriftAxes axes = axes_of(report);
  std::string body = drift_grid(axes) + drift_band(report, axes);
  for (std::size_t k = 0; k + 1 < report.drift.size(); ++k) {
    const DriftPoint& a = report.drift[k];
    const DriftPoint& b = report.drift[k + 1];
    body += line(
        axes.x(a.time), axes.y(a.accuracy.mean), axes.x(b.time), axes.y(b.accuracy.mean), "path");
  }
  for (const DriftPoint& point : report.drift) {
    body += upright_whisker(point.accuracy.mean_interval, axes.x(point.time), [&](double share) {
      return axes.y(share);
    });
    body += dot(axes.x(point.time), axes.y(point.accuracy.mean), 6.0);
  }
  return picture(axes.bottom + 30.0, "Accuracy over time after programming", body);
}

}  // namespace memspice::report
