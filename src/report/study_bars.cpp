#include <algorithm>
#include <cmath>

#include "report/study_families.hpp"
#include "report/svg.hpp"
#include "report/text_table.hpp"

namespace memspice::report {
namespace {

using namespace svg;

constexpr double kBarHeight = 19.0;

/// Where values lie between the names and the labels.
struct BarAxis {
  bool dots = false;
  double low = 0.0, high = 1.0;  ///< of the values
  double left = 0.0, right = kWidth - 170.0;

  double at(double value) const { return left + (right - left) * (value - low) / (high - low); }
};

BarAxis axis_of(const Study& study, const Family& family) {
  std::vector<std::string> names;
  svg::ShareRange range{.low = HUGE_VAL, .high = -HUGE_VAL};
  for (const StudyRow& row : study.rows) {
    names.push_back(fitting(row.name));
    for (const Metric* metric : family.metrics) {
      if (const auto value = value_of(row, *metric)) range.add(*value);
      if (row.report) range.add(interval_of(*metric, *row.report));
    }
  }
  const double most = range.high;
  BarAxis axis{.left = 16.0 + widest(names)};
  axis.dots = family.metrics.front()->quantity == Quantity::Share;
  const PercentAxis shares = percent_axis(range);
  axis.low = axis.dots ? shares.low / 100.0 : 0.0;
  axis.high = axis.dots ? shares.high / 100.0 : (most > 0.0 ? most : 1.0);
  return axis;
}

std::string draw_value(const BarAxis& axis,
                       double value,
                       const simulate::Interval& interval,
                       double top,
                       const std::string& colour) {
  if (!axis.dots) return bar(axis.left, top + 1.0, axis.at(value) - axis.left, 15.0, colour);
  return line(axis.left, top + 9.0, axis.right, top + 9.0, "grid") +
         whisker(
             interval, [&](double share) { return axis.at(share); }, top + 9.0) +
         "<circle cx=\"" + number(axis.at(value)) + "\" cy=\"" + number(top + 9.0) +
         "\" r=\"5\" fill=\"" + colour + "\"/>\n";
}

std::string label_of(const Family& family, const Metric& metric, std::optional<double> value) {
  const std::string text = value ? value_text(metric, *value) : "not run";
  return family.metrics.size() > 1 ? text + " " + std::string(metric.title) : text;
}

}  // namespace

std::string draw_bars(const Study& study, const Family& family) {
  const BarAxis axis = axis_of(study, family);
  std::string body = text_at(0.0, 16.0, "class=\"name\" font-weight=\"600\"", family.name);
  double top = 28.0;
  for (const StudyRow& row : study.rows) {
    body += text_at(
        axis.left - 10.0, top + 14.0, "class=\"name\" text-anchor=\"end\"", fitting(row.name));
    for (std::size_t k = 0; k < family.metrics.size(); ++k, top += kBarHeight) {
      const Metric& metric = *family.metrics[k];
      const auto value = value_of(row, metric);
      const auto interval = row.report ? interval_of(metric, *row.report) : simulate::Interval{};
      if (value) body += draw_value(axis, *value, interval, top, colour_of(k));
      const double end =
          value ? axis.at(axis.dots ? interval.high.value_or(*value) : *value) : axis.left;
      body += text_at(end + 10.0, top + 13.5, "class=\"small\"", label_of(family, metric, value));
    }
    top += 9.0;
  }
  return picture(top + 4.0, family.name + " by variant", body);
}

}  // namespace memspice::report
