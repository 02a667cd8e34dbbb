#include "report/trace_plot.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "base/units.hpp"
#include "report/plots.hpp"

namespace memspice::report {
namespace {

struct Box {
  double x, y, width, height;
};

struct Extent {
  double low, high;
};

/// The values' extent, at least a hair wide, so that a constant draws in the middle.
Extent extent_of(const Eigen::VectorXd& values) {
  const double low = values.minCoeff(), high = values.maxCoeff();
  const double pad = std::max(0.04 * (high - low), 1e-12 * std::abs(high) + 1e-300);
  return {low - pad, high + pad};
}

std::string pixel(double value) {
  return to_text(std::round(value * 100.0) / 100.0);
}

std::string label(double x, double y, const char* anchor, const std::string& text) {
  return "<text x=\"" + pixel(x) + "\" y=\"" + pixel(y) + "\" text-anchor=\"" + anchor + "\">" +
         escape_html(text) + "</text>\n";
}

std::string frame(const Box& box) {
  return "<rect x=\"" + pixel(box.x) + "\" y=\"" + pixel(box.y) + "\" width=\"" + pixel(box.width) +
         "\" height=\"" + pixel(box.height) + "\" fill=\"none\" stroke=\"#999\"/>\n";
}

/// At most 2000 points: more are finer than a pixel.
std::string curve(const Box& box,
                  const Eigen::VectorXd& a,
                  const Eigen::VectorXd& b,
                  const std::string& colour) {
  const Extent across = extent_of(a), up = extent_of(b);
  const Eigen::Index stride = std::max<Eigen::Index>(1, a.size() / 2000);
  std::string points;
  for (Eigen::Index k = 0; k < a.size(); k += stride) {
    const double x = (a(k) - across.low) / (across.high - across.low);
    const double y = (b(k) - up.low) / (up.high - up.low);
    points += pixel(box.x + box.width * x) + ',' + pixel(box.y + box.height * (1.0 - y)) + ' ';
  }
  return "<polyline fill=\"none\" stroke=\"" + colour + "\" stroke-width=\"1.2\" points=\"" +
         points + "\"/>\n";
}

/// Low and high end; what is a rounding error beside the other is written as 0.
std::string range_of(const Eigen::VectorXd& values, Unit unit) {
  const double floor = 1e-9 * values.cwiseAbs().maxCoeff();
  const auto end = [&](double value) {
    return format_quantity(std::abs(value) < floor ? 0.0 : value, unit, 3);
  };
  return end(values.minCoeff()) + " .. " + end(values.maxCoeff());
}

std::string segment(double x1, double y1, double x2, double y2) {
  return "<line x1=\"" + pixel(x1) + "\" y1=\"" + pixel(y1) + "\" x2=\"" + pixel(x2) + "\" y2=\"" +
         pixel(y2) + "\" stroke=\"#ccc\"/>\n";
}

/// Where the box holds 0: a line across, so that a pinched loop shows its pinch.
std::string zero_line(const Box& box, const Eigen::VectorXd& values, bool is_horizontal) {
  const Extent extent = extent_of(values);
  if (extent.low > 0.0 || extent.high < 0.0) return "";
  const double share = -extent.low / (extent.high - extent.low);
  const double x = box.x + box.width * share, y = box.y + box.height * (1.0 - share);
  return is_horizontal ? segment(box.x, y, box.x + box.width, y)
                       : segment(x, box.y, x, box.y + box.height);
}

std::string waveform(const Box& box,
                     const device::Trace& trace,
                     const Eigen::VectorXd& values,
                     const std::string& name,
                     const std::string& colour) {
  return zero_line(box, values, true) + frame(box) + curve(box, trace.time, values, colour) +
         label(box.x + 4.0, box.y - 4.0, "start", name);
}

}  // namespace

std::string plot_trace(const device::Trace& trace, const std::string& title) {
  const Box loop{20, 60, 380, 380};
  std::string out =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 860 480\" "
      "font-family=\"sans-serif\" font-size=\"12\">\n"
      "<rect width=\"860\" height=\"480\" fill=\"white\"/>\n";
  out += label(20, 24, "start", title);
  out += zero_line(loop, trace.current, true) + zero_line(loop, trace.voltage, false);
  out += frame(loop) + curve(loop, trace.voltage, trace.current, "#0b6");
  out += label(loop.x + 4.0, loop.y - 4.0, "start", "I: " + range_of(trace.current, Unit::Ampere));
  out += label(loop.x + loop.width, 460, "end", "v: " + range_of(trace.voltage, Unit::Volt));
  out += waveform({440, 60, 400, 106},
                  trace,
                  trace.voltage,
                  "v: " + range_of(trace.voltage, Unit::Volt),
                  "#06c");
  out += waveform({440, 197, 400, 106},
                  trace,
                  trace.current,
                  "I: " + range_of(trace.current, Unit::Ampere),
                  "#0b6");
  out += waveform(
      {440, 334, 400, 106}, trace, trace.state, "x: " + range_of(trace.state, Unit::None), "#c50");
  out += label(840, 460, "end", "t: " + range_of(trace.time, Unit::Second));
  return out + "</svg>\n";
}

}  // namespace memspice::report
