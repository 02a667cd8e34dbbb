#pragma once
// Axes of quantities for figures in files: ticks at round values in a unit of fitting prefix, a
// title that names it.

#include <Eigen/Core>
#include <string>
#include <vector>

#include "base/units.hpp"

namespace memspice::report::svg {

struct Axis {
  double low = 0.0, high = 1.0;  ///< ends in SI; of a logarithmic axis decimal logarithms
  double factor = 1.0;           ///< SI per unit of the ticks
  std::string title;             ///< "current [uA]"
  bool is_log = false;

  /// Where a value stands, 0 at the low end, 1 at the high one.
  double share(double value) const;
};
/// Holds low .. high with some room at both ends, however little they differ; is_log: both > 0.
Axis make_axis(double low, double high, const std::string& name, Unit unit, bool is_log = false);
/// Of all values.
Axis make_axis(const Eigen::VectorXd& values, const std::string& name, Unit unit);

struct Tick {
  double share = 0.0;
  std::string text;
};
/// Some five, of a logarithmic axis at most seven decades.
std::vector<Tick> ticks_of(const Axis& axis);

/// Where axes span a figure, in user units.
struct Box {
  double left = 0.0, top = 0.0, width = 0.0, height = 0.0;

  double x(const Axis& axis, double value) const { return left + width * axis.share(value); }
  double y(const Axis& axis, double value) const {
    return top + height * (1.0 - axis.share(value));
  }
};

/// Frame, grid, ticks and titles; a thicker line where an axis passes zero.
std::string draw_axes(const Box& box, const Axis& x, const Axis& y);
/// A line through (x, y), at most some 2000 points of it: more are finer than a pixel.
std::string draw_line(const Box& box,
                      const Axis& x_axis,
                      const Axis& y_axis,
                      const Eigen::VectorXd& x,
                      const Eigen::VectorXd& y,
                      const std::string& colour);

}  // namespace memspice::report::svg
