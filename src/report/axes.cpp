#include "report/axes.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "report/svg.hpp"

namespace memspice::report::svg {
namespace {

/// "uA" for 1e-6 and Ampere: what format_quantity puts behind the number.
std::string prefixed(double factor, Unit unit) {
  const std::string text = format_quantity(factor, unit, 3);
  const std::size_t blank = text.find(' ');
  return blank == std::string::npos ? "" : text.substr(blank + 1);
}

bool holds_zero(const Axis& axis) {
  return !axis.is_log && axis.low < 0.0 && axis.high > 0.0;
}

}  // namespace

double Axis::share(double value) const {
  return ((is_log ? std::log10(value) : value) - low) / (high - low);
}

Axis make_axis(double low, double high, const std::string& name, Unit unit, bool is_log) {
  Axis axis{.low = is_log ? std::log10(low) : low,
            .high = is_log ? std::log10(high) : high,
            .title = name,
            .is_log = is_log};
  const double largest = std::max(std::abs(low), std::abs(high));
  const bool takes_prefix = unit != Unit::None && unit != Unit::PerVolt && largest > 0.0 && !is_log;
  if (takes_prefix) axis.factor = std::pow(1e3, std::floor(std::log10(largest) / 3.0 + 1e-9));
  const std::string in = prefixed(axis.factor, unit);
  if (!in.empty()) axis.title += " [" + in + "]";
  const double size = std::max(std::abs(axis.low), std::abs(axis.high));
  const double room = std::max(0.04 * (axis.high - axis.low), 1e-3 * size);
  axis.low -= room > 0.0 ? room : 1.0;
  axis.high += room > 0.0 ? room : 1.0;
  return axis;
}

Axis make_axis(const Eigen::VectorXd& values, const std::string& name, Unit unit) {
  return make_axis(values.minCoeff(), values.maxCoeff(), name, unit);
}

std::vector<Tick> ticks_of(const Axis& axis) {
  const double unit = axis.is_log ? 1.0 : axis.factor;
  const double low = axis.low / unit, high = axis.high / unit;
  const double step =
      axis.is_log ? std::max(1.0, std::ceil((high - low) / 7.0)) : nice_step((high - low) / 1.1);
  std::vector<Tick> ticks;
  for (double k = std::ceil(low / step); k * step <= high; k += 1.0) {
    const double value = k == 0.0 ? 0.0 : k * step;
    ticks.push_back(
        {(value - low) / (high - low),
         axis.is_log ? to_text_rounded(std::pow(10.0, value), 3) : to_text_rounded(value, 6)});
  }
  return ticks;
}

std::string draw_axes(const Box& box, const Axis& x, const Axis& y) {
  const double right = box.left + box.width, bottom = box.top + box.height;
  std::string out;
  for (const Tick& tick : ticks_of(x)) {
    const double at = box.left + box.width * tick.share;
    out += line(at, box.top, at, bottom, "grid");
    out += text_at(at, bottom + 17.0, "class=\"tick\" text-anchor=\"middle\"", tick.text);
  }
  for (const Tick& tick : ticks_of(y)) {
    const double at = bottom - box.height * tick.share;
    out += line(box.left, at, right, at, "grid");
    out += text_at(box.left - 7.0, at + 4.0, "class=\"tick\" text-anchor=\"end\"", tick.text);
  }
  if (holds_zero(x)) out += line(box.x(x, 0.0), box.top, box.x(x, 0.0), bottom, "zero");
  if (holds_zero(y)) out += line(box.left, box.y(y, 0.0), right, box.y(y, 0.0), "zero");
  out += "<rect x=\"" + number(box.left) + "\" y=\"" + number(box.top) + "\" width=\"" +
         number(box.width) + "\" height=\"" + number(box.height) +
         "\" fill=\"none\" stroke=\"#555\"/>\n";
  out += text_at(
      box.left + 0.5 * box.width, bottom + 36.0, "class=\"small\" text-anchor=\"middle\"", x.title);
  const double side = box.left - 50.0, middle = box.top + 0.5 * box.height;
  return out + text_at(side,
                       middle,
                       "class=\"small\" text-anchor=\"middle\" transform=\"rotate(-90 " +
                           number(side) + ' ' + number(middle) + ")\"",
                       y.title);
}

std::string draw_line(const Box& box,
                      const Axis& x_axis,
                      const Axis& y_axis,
                      const Eigen::VectorXd& x,
                      const Eigen::VectorXd& y,
                      const std::string& colour) {
  constexpr Eigen::Index kMostPoints = 2000;
  const Eigen::Index stride = std::max<Eigen::Index>(1, x.size() / kMostPoints);
  std::string points;
  for (Eigen::Index k = 0; k < x.size(); k += stride) {
    points += to_text_rounded(box.x(x_axis, x(k)), 6) + ',' +
              to_text_rounded(box.y(y_axis, y(k)), 6) + ' ';
  }
  return "<polyline fill=\"none\" stroke=\"" + colour +
         "\" stroke-width=\"1.4\" stroke-linejoin=\"round\" points=\"" + points + "\"/>\n";
}

}  // namespace memspice::report::svg
