#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "report/numbers.hpp"
#include "report/study_families.hpp"
#include "report/svg.hpp"
#include "report/text_table.hpp"

namespace memspice::report {
namespace {

using namespace svg;

constexpr double kStudyTop = 34.0, kStudyBottom = 250.0;  ///< of a panel of curves

struct Place {
  double x = 0.0, y = 0.0;
  simulate::Interval interval = {};  ///< of an accuracy
};
struct Curve {
  std::string name, colour;
  std::vector<Place> places;  ///< by rising x
};

std::vector<Place> places_of(const Study& study, const Metric& metric, const std::string& series) {
  std::vector<Place> places;
  for (const StudyRow& row : study.rows) {
    if (row.series != series || !row.report || !row.x) continue;
    const auto value = metric.value(*row.report);
    if (value) places.push_back({*row.x, *value, interval_of(metric, *row.report)});
  }
  std::ranges::sort(places, {}, &Place::x);
  return places;
}

/// A curve per metric and series.
std::vector<Curve> curves_of(const Study& study, const Family& family) {
  std::vector<std::string> series;
  for (const StudyRow& row : study.rows) {
    if (std::ranges::find(series, row.series) == series.end()) series.push_back(row.series);
  }
  std::vector<Curve> curves;
  for (const Metric* metric : family.metrics) {
    for (const std::string& name : series) {
      std::vector<Place> places = places_of(study, *metric, name);
      if (places.empty()) continue;
      const std::string title(metric->title);
      curves.push_back({.name = fitting(name.empty() ? title : title + ", " + name),
                        .colour = colour_of(curves.size()),
                        .places = std::move(places)});
    }
  }
  return curves;
}

/// One direction of a panel, linear or logarithmic.
struct Axis {
  double low = 0.0, high = 1.0;   ///< of the values
  double start = 0.0, end = 1.0;  ///< in the picture
  bool logarithmic = false;
  std::vector<double> ticks = {};

  double at(double value) const {
    const auto bent = [&](double v) { return logarithmic ? std::log10(v) : v; };
    const double share = (bent(value) - bent(low)) / (bent(high) - bent(low));
    return start + (end - start) * share;
  }
};

std::pair<double, double> range_of(const std::vector<Curve>& curves, double Place::*member) {
  double low = HUGE_VAL, high = -HUGE_VAL;
  for (const Curve& curve : curves) {
    for (const Place& place : curve.places) {
      low = std::min(low, place.*member);
      high = std::max(high, place.*member);
    }
  }
  return {low, high};
}

/// Accuracies with their intervals.
ShareRange shares_of(const std::vector<Curve>& curves) {
  ShareRange range;
  for (const Curve& curve : curves) {
    for (const Place& place : curve.places) {
      range.add(place.y);
      range.add(place.interval);
    }
  }
  return range;
}

/// Whole steps around the shares.
Axis share_axis(const ShareRange& range) {
  const PercentAxis percents = percent_axis(range);
  Axis axis{.low = percents.low / 100.0,
            .high = percents.high / 100.0,
            .start = kStudyBottom,
            .end = kStudyTop};
  for (double p = percents.low; p <= percents.high + 1e-9; p += percents.step) {
    axis.ticks.push_back(p / 100.0);
  }
  return axis;
}

Axis decade_axis(double least, double most) {
  const double first = std::floor(std::log10(least) + 1e-9);
  const double last = std::ceil(std::log10(most) - 1e-9);
  Axis axis{.low = std::pow(10.0, first),
            .high = std::pow(10.0, last),
            .start = kStudyBottom,
            .end = kStudyTop,
            .logarithmic = true};
  for (double e = first; e <= last + 0.5; e += 1.0) axis.ticks.push_back(std::pow(10.0, e));
  return axis;
}

/// Values that span decades stand on a logarithmic axis; accuracies on one of whole steps around
/// them; all else starts at zero.
Axis value_axis(const std::vector<Curve>& curves, Quantity quantity) {
  if (quantity == Quantity::Share) return share_axis(shares_of(curves));
  const auto [least, most] = range_of(curves, &Place::y);
  if (least > 0.0 && most / least > 20.0) return decade_axis(least, most);
  const double span = most > 0.0 ? most : 1.0, step = nice_step(span);
  Axis axis{.low = 0.0,
            .high = step * std::ceil(span / step - 1e-9),
            .start = kStudyBottom,
            .end = kStudyTop};
  for (double v = 0.0; v <= axis.high + 1e-9 * step; v += step) axis.ticks.push_back(v);
  return axis;
}

/// Sizes that double from one variant to the next are as far apart as each other.
Axis x_axis(const std::vector<Curve>& curves, double left, double right) {
  auto [low, high] = range_of(curves, &Place::x);
  const bool logarithmic = low > 0.0 && high / low >= 8.0;
  if (low == high) high = low + 1.0;
  return {.low = low, .high = high, .start = left, .end = right, .logarithmic = logarithmic};
}

std::string tick_text(const Metric& metric, double value) {
  if (metric.quantity == Quantity::Share || metric.quantity == Quantity::Error) {
    const double percents = 100.0 * value;
    return (percents < 1000.0 ? to_text_rounded(percents, 4)
                              : with_thousands(std::llround(percents))) +
           " %";
  }
  return value_text(metric, value);
}

std::string draw_curve(const Curve& curve, const Axis& x, const Axis& y) {
  std::string body;
  for (std::size_t k = 0; k < curve.places.size(); ++k) {
    const Place& here = curve.places[k];
    if (k > 0) {
      const Place& former = curve.places[k - 1];
      body += "<line x1=\"" + number(x.at(former.x)) + "\" y1=\"" + number(y.at(former.y)) +
              "\" x2=\"" + number(x.at(here.x)) + "\" y2=\"" + number(y.at(here.y)) +
              "\" stroke=\"" + curve.colour + "\" stroke-width=\"2.5\"/>\n";
    }
    body += upright_whisker(here.interval, x.at(here.x), [&](double share) { return y.at(share); });
    body += "<circle cx=\"" + number(x.at(here.x)) + "\" cy=\"" + number(y.at(here.y)) +
            "\" r=\"5\" fill=\"" + curve.colour + "\"/>\n";
  }
  return body;
}

/// Names right of the curves' ends, moved apart where ends are close.
std::string draw_names(const std::vector<Curve>& curves, const Axis& x, const Axis& y) {
  constexpr double apart = 17.0;
  std::vector<std::pair<double, const Curve*>> ends;
  for (const Curve& curve : curves) ends.push_back({y.at(curve.places.back().y), &curve});
  std::ranges::sort(ends, {}, &std::pair<double, const Curve*>::first);
  for (std::size_t k = 1; k < ends.size(); ++k) {
    ends[k].first = std::max(ends[k].first, ends[k - 1].first + apart);
  }
  double room = kStudyBottom;  // names pushed below the panel push those above them back up
  for (std::size_t k = ends.size(); k-- > 0; room -= apart) {
    ends[k].first = std::min(ends[k].first, room);
  }
  std::string body;
  for (const auto& [height, curve] : ends) {
    body +=
        text_at(x.end + 14.0, height + 5.0, "style=\"fill:" + curve->colour + "\"", curve->name);
  }
  return body;
}

std::string x_grid(const std::vector<Curve>& curves, const Axis& x) {
  std::vector<double> values;
  for (const Curve& curve : curves) {
    for (const Place& place : curve.places) values.push_back(place.x);
  }
  std::ranges::sort(values);
  std::string body;
  double free = -HUGE_VAL;  // where the next tick's text may stand
  for (const double value : values) {
    const std::string text = to_text_rounded(value, 4);
    const double at = x.at(value);
    if (at < free) continue;
    free = at + kLetterWidth * static_cast<double>(text.size()) + 8.0;
    body += line(at, kStudyTop, at, kStudyBottom, "grid") +
            text_at(at, kStudyBottom + 18.0, "class=\"tick\" text-anchor=\"middle\"", text);
  }
  return body;
}

std::string y_grid(const Axis& y,
                   const std::vector<std::string>& labels,
                   double left,
                   double right) {
  std::string body;
  for (std::size_t k = 0; k < labels.size(); ++k) {
    const double at = y.at(y.ticks[k]);
    body += line(left, at, right, at, "grid") +
            text_at(left - 8.0, at + 4.0, "class=\"tick\" text-anchor=\"end\"", labels[k]);
  }
  return body;
}

std::string draw_panel(const Study& study, const Family& family) {
  const std::vector<Curve> curves = curves_of(study, family);
  if (curves.empty()) return "";
  const Metric& metric = *family.metrics.front();
  const Axis y = value_axis(curves, metric.quantity);
  std::vector<std::string> names, labels;
  for (const Curve& curve : curves) names.push_back(curve.name);
  for (const double tick : y.ticks) labels.push_back(tick_text(metric, tick));
  const double left = 20.0 + 0.9 * widest(labels);
  const Axis x = x_axis(curves, left + 12.0, kWidth - 24.0 - widest(names));
  std::string body = text_at(0.0, 16.0, "class=\"name\" font-weight=\"600\"", family.name) +
                     y_grid(y, labels, left, x.end) + x_grid(curves, x);
  for (const Curve& curve : curves) body += draw_curve(curve, x, y);
  body += draw_names(curves, x, y) + text_at(0.5 * (x.start + x.end),
                                             kStudyBottom + 38.0,
                                             "class=\"tick\" text-anchor=\"middle\"",
                                             study.layout.x);
  return picture(kStudyBottom + 52.0, family.name + " against " + study.layout.x, body);
}

}  // namespace

std::vector<std::string> study_plots(const Study& study) {
  const bool has_x = std::any_of(
      study.rows.begin(), study.rows.end(), [](const StudyRow& row) { return row.x.has_value(); });
  std::vector<std::string> plots;
  for (const Family& family : families_of(study)) {
    std::string plot = has_x ? draw_panel(study, family) : draw_bars(study, family);
    if (!plot.empty()) plots.push_back(std::move(plot));
  }
  return plots;
}

}  // namespace memspice::report
