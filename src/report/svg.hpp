#pragma once
// The few shapes that plots are drawn from. Classes are styled by the page: grid, path, dot, tick,
// name, value, small, band, whisker.

#include <functional>
#include <string>

#include "simulate/share.hpp"

namespace memspice::report::svg {

constexpr double kWidth = 720.0;      ///< of every plot, in user units
constexpr double kLetterWidth = 7.8;  ///< mean of a letter as plots are drawn [user units]

/// A coordinate with one decimal.
std::string number(double value);
/// `attributes` are trusted; `text` is escaped.
std::string text_at(double x, double y, const std::string& attributes, const std::string& text);
/// The name of the row at y, left of a plot that begins at `left`, shortened to what fits there.
std::string row_name(double left, double y, const std::string& name);
std::string line(double x1, double y1, double x2, double y2, const std::string& kind);
std::string bar(double x, double y, double width, double height, const std::string& colour);
/// Of a picture, in user units.
struct Size {
  double width = kWidth, height = 0.0;
};
/// The picture: `label` for those who cannot see it, `body` of shapes.
std::string picture(const Size& size, const std::string& label, const std::string& body);
/// The same of all plots' width.
std::string picture(double height, const std::string& label, const std::string& body);

/// A file of its own, black on white, whose height is `height`.
std::string file(double height, const std::string& label, const std::string& body);

/// A step of 1, 2 or 5 times a power of ten that gives about five ticks over `span` > 0.
double nice_step(double span);

/// Shares that an axis has to hold, and how much they may differ by chance.
struct ShareRange {
  double low = 1.0, high = 0.0;  ///< of values and interval ends, 0 .. 1; low > high: none
  double error = 0.0;            ///< largest standard error of a share

  void add(double share);
  void add(const simulate::Interval& interval);  ///< of 95 % confidence, around a share
  void add(const simulate::Share& share);        ///< with its interval
};

/// A linear axis of accuracy in percent, wide enough to hold shares with some room.
struct PercentAxis {
  double low = 0.0, high = 100.0, step = 20.0;  ///< [%]
  int decimals() const noexcept { return step < 1.0 ? 1 : 0; }
};
/// At least a point and four standard errors wide, so that chance does not look like a cliff.
PercentAxis percent_axis(const ShareRange& range);
/// A thin line from one end of an interval to the other; nothing without both.
std::string whisker(const simulate::Interval& interval,
                    const std::function<double(double)>& x,
                    double y);  ///< across a horizontal axis
std::string upright_whisker(const simulate::Interval& interval,
                            double x,
                            const std::function<double(double)>& y);

/// Lines and labels at the ticks of a vertical axis, over the plot from `left` to `right`; `y`: the
/// height of a share.
std::string percent_grid(const PercentAxis& axis,
                         double left,
                         double right,
                         const std::function<double(double)>& y);

}  // namespace memspice::report::svg
