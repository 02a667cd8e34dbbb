#pragma once
// The few shapes that plots are drawn from. Classes are styled by the page: grid, path, dot, tick,
// name, value, small, band.

#include <functional>
#include <string>

namespace memspice::report::svg {

constexpr double kWidth = 720.0;  ///< of every plot, in user units

/// A coordinate with one decimal.
std::string number(double value);
/// `attributes` are trusted; `text` is escaped.
std::string text_at(double x, double y, const std::string& attributes, const std::string& text);
std::string line(double x1, double y1, double x2, double y2, const std::string& kind);
std::string bar(double x, double y, double width, double height, const std::string& colour);
/// The picture: `label` for those who cannot see it, `body` of shapes.
std::string picture(double height, const std::string& label, const std::string& body);

/// A step of 1, 2 or 5 times a power of ten that gives about five ticks over `span` > 0.
double nice_step(double span);

/// A linear axis of accuracy in percent, wide enough to hold two shares with some room.
struct PercentAxis {
  double low = 0.0, high = 100.0, step = 20.0;  ///< [%]
  int decimals() const noexcept { return step < 1.0 ? 1 : 0; }
};
PercentAxis percent_axis(double least_share, double most_share);

/// Lines and labels at the ticks of a vertical axis, over the plot from `left` to `right`; `y`: the
/// height of a share.
std::string percent_grid(const PercentAxis& axis,
                         double left,
                         double right,
                         const std::function<double(double)>& y);

}  // namespace memspice::report::svg
