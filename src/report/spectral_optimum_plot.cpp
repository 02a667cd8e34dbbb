#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "report/numbers.hpp"
#include "report/spectral_optimum.hpp"
#include "report/svg.hpp"

namespace memspice::report {
namespace {

using namespace svg;

constexpr double kLeft = 64.0, kRight = 24.0;
constexpr double kPlot = kWidth - kLeft - kRight;
constexpr double kTop = 14.0, kBottom = 294.0;

struct Point {
  double cost = 0.0, share = 0.0;
  std::string name;
  bool on_front = false, chosen = false;
};

/// Trained candidates, the cheapest first.
std::vector<Point> points_of(const SpectralOptimum& optimum) {
  std::vector<Point> points;
  for (std::size_t k = optimum.candidates.size(); k-- > 0;) {
    const SpectralCandidate& c = optimum.candidates[k];
    if (!c.accuracy) continue;
    points.push_back({static_cast<double>(c.candidate.cost.computation_and_memory()),
                      *c.accuracy,
                      c.candidate.architecture.name,
                      c.on_front,
                      optimum.chosen == k});
  }
  return points;
}

/// Cost is logarithmic.
struct Axes {
  double low = 0.0, high = 1.0;  ///< log10 of the cost
  PercentAxis accuracy;
  double x(double cost) const { return kLeft + kPlot * (std::log10(cost) - low) / (high - low); }
  double y(double share) const {
    return kBottom -
           (kBottom - kTop) * (100.0 * share - accuracy.low) / (accuracy.high - accuracy.low);
  }
};

Axes axes_of(const std::vector<Point>& points, double least_allowed) {
  ShareRange range;
  range.add(least_allowed);
  for (const Point& point : points) range.add(point.share);
  const double first = std::log10(points.front().cost), last = std::log10(points.back().cost);
  const double room = 0.1 * std::max(0.3, last - first);
  return {.low = first - room, .high = last + 3.0 * room, .accuracy = percent_axis(range)};
}

std::string grid(const Axes& axes) {
  std::string body = percent_grid(
      axes.accuracy, kLeft, kLeft + kPlot, [&](double share) { return axes.y(share); });
  for (int decade = 0; decade < 16; ++decade) {
    for (const int digit : {1, 2, 3, 5}) {
      const double cost = digit * std::pow(10.0, decade);
      if (std::log10(cost) < axes.low || std::log10(cost) > axes.high) continue;
      body += line(axes.x(cost), kTop, axes.x(cost), kBottom, "grid");
      body += text_at(axes.x(cost),
                      kBottom + 18.0,
                      "class=\"tick\" text-anchor=\"middle\"",
                      with_thousands(std::llround(cost)));
    }
  }
  return body;
}

std::string front_line(const std::vector<Point>& points, const Axes& axes) {
  std::string body;
  const Point* before = nullptr;
  for (const Point& point : points) {
    if (!point.on_front) continue;
    if (before != nullptr) {
      body += line(axes.x(before->cost),
                   axes.y(before->share),
                   axes.x(point.cost),
                   axes.y(point.share),
                   "path");
    }
    before = &point;
  }
  return body;
}

std::string dots(const std::vector<Point>& points, const Axes& axes) {
  std::string body;
  for (const Point& point : points) {
    const double x = axes.x(point.cost), y = axes.y(point.share);
    const char* colour = point.chosen ? "#1f7a5c" : point.on_front ? "#3f6fb0" : "#9aa5b1";
    body += "<circle cx=\"" + number(x) + "\" cy=\"" + number(y) + "\" r=\"" +
            (point.chosen ? "8" : "6") + "\" fill=\"" + colour + "\"/>\n";
    body += text_at(
        x + 11.0, y + 18.0, "class=\"small\"", point.name + (point.chosen ? " (chosen)" : ""));
  }
  return body;
}

}  // namespace

std::string plot_spectral_front(const SpectralOptimum& optimum) {
  const std::vector<Point> points = points_of(optimum);
  if (points.empty()) return "";
  const auto& original = optimum.candidates.front().accuracy;
  const double allowed = original ? *original - optimum.max_accuracy_loss : points.front().share;
  const Axes axes = axes_of(points, allowed);
  std::string body = grid(axes);
  if (original) {
    body += line(kLeft, axes.y(allowed), kLeft + kPlot, axes.y(allowed), "path");
    body +=
        text_at(kLeft + 4.0, axes.y(allowed) - 6.0, "class=\"small\"", "least accuracy allowed");
  }
  body += front_line(points, axes) + dots(points, axes);
  body += text_at(kLeft + kPlot,
                  kBottom + 36.0,
                  "class=\"tick\" text-anchor=\"end\"",
                  "operations and memory words per image");
  return picture(kBottom + 44.0, "Accuracy against cost", body);
}

}  // namespace memspice::report
