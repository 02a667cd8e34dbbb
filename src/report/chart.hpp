#pragma once
// The one kit that draws a section's charts: data and a kind become inline SVG, with axes,
// intervals, labels that make room for each other, and values that show on hovering.

#include <optional>
#include <string>
#include <vector>

#include "simulate/share.hpp"

namespace memspice::report {

enum class ChartKind {
  Curves,     ///< shares over x: a line per series, an upright bar per interval
  Strip,      ///< shares of the first series as dots on one axis, the reference's interval below
  Ladder,     ///< a share per row, joined by a line
  Histogram,  ///< counts of the first series over x = 0, 1, 2, ...
};

/// What a colour stands for; the page's style gives it one colour in light, dark and print.
enum class Tone { Plain, First, Second };

struct ChartPoint {
  double x = 0.0;                    ///< of curves: bits, or a positive value on a logarithmic axis
  double value = 0.0;                ///< a share, 0 .. 1, or a count
  simulate::Interval interval = {};  ///< of 95 % around the value; open: not drawn
  simulate::Interval band = {};      ///< of curves: the range of what the value is a mean of
  std::string name = {};             ///< of a ladder's row, or of a tick of curves
  std::string label = {};            ///< beside the point
};

struct ChartSeries {
  std::string name;  ///< at the end of a curve; empty where there is one alone
  Tone tone = Tone::Plain;
  std::vector<ChartPoint> points;
};

/// A value that the others are compared with: a line across the chart.
struct ChartReference {
  std::string name;
  double value = 0.0;                ///< share, 0 .. 1
  simulate::Interval interval = {};  ///< makes room for it on the axis
};

struct Chart {
  ChartKind kind = ChartKind::Curves;
  std::string title;  ///< for those who cannot see it
  std::vector<ChartSeries> series;
  std::optional<ChartReference> reference = {};
  simulate::Interval mean = {};  ///< of a strip: of the mean of its dots
  bool is_log = false;           ///< x of curves, ticks at decades
  std::string unit = {};         ///< behind the ticks of curves: "bits"
};

/// As SVG; empty without points.
std::string draw(const Chart& chart);

}  // namespace memspice::report
