#include <algorithm>
#include <cmath>

#include "report/bitstream_report.hpp"
#include "report/numbers.hpp"
#include "report/svg.hpp"

namespace memspice::report {
namespace {

using namespace svg;

constexpr double kLeft = 64.0;
constexpr double kRight = 130.0;  ///< room for the curves' names
constexpr double kPlot = kWidth - kLeft - kRight;
constexpr double kTop = 14.0, kBottom = 254.0;
constexpr const char* kStreams = "#1f7a5c";
constexpr const char* kWords = "#e3a23a";

/// One value of a curve with the ends of its bar.
struct Place {
  double x = 0.0, share = 0.0, low = 0.0, high = 0.0;
  simulate::Interval interval() const { return {low, high}; }
};
/// A share with its interval, or by itself where that is not known.
Place place_at(double x, double share, const simulate::Interval& interval) {
  return {x, share, interval.low.value_or(share), interval.high.value_or(share)};
}
struct Curve {
  std::string name, colour;
  std::vector<Place> places;
};

struct Axes {
  PercentAxis accuracy;
  double first = 0.0, last = 1.0;  ///< of x

  double x(double value) const { return kLeft + kPlot * (value - first) / (last - first); }
  double y(double share) const {
    return kBottom -
           (kBottom - kTop) * (100.0 * share - accuracy.low) / (accuracy.high - accuracy.low);
  }
};

Axes axes_of(const std::vector<Curve>& curves, const simulate::Share& reference) {
  ShareRange range;
  range.add(reference);
  for (const Curve& curve : curves) {
    for (const Place& place : curve.places) {
      range.add(place.share);
      range.add(place.interval());
    }
  }
  const auto& places = curves.front().places;
  const double first = places.front().x;
  return {.accuracy = percent_axis(range),
          .first = first,
          .last = std::max(places.back().x, first + 1.0)};
}

std::string accuracy_grid(const Axes& axes) {
  return percent_grid(
      axes.accuracy, kLeft, kLeft + kPlot, [&](double share) { return axes.y(share); });
}

std::string tick_at(const Axes& axes, double value, const std::string& label) {
  const double x = axes.x(value);
  return line(x, kTop, x, kBottom, "grid") +
         text_at(x, kBottom + 18.0, "class=\"tick\" text-anchor=\"middle\"", label);
}

std::string stroke(double x1, double y1, double x2, double y2, const std::string& colour) {
  return "<line x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" + number(x2) +
         "\" y2=\"" + number(y2) + "\" stroke=\"" + colour + "\" stroke-width=\"2.5\"/>\n";
}

std::string draw_curve(const Curve& curve, const Axes& axes, double name_shift) {
  std::string body;
  for (std::size_t k = 0; k < curve.places.size(); ++k) {
    const Place& here = curve.places[k];
    const double x = axes.x(here.x);
    if (k + 1 < curve.places.size()) {
      const Place& next = curve.places[k + 1];
      body += stroke(x, axes.y(here.share), axes.x(next.x), axes.y(next.share), curve.colour);
    }
    if (here.high > here.low) {
      body += stroke(x,
                     std::min(kBottom, axes.y(here.low)),
                     x,
                     std::max(kTop, axes.y(here.high)),
                     curve.colour);
    }
    body += "<circle cx=\"" + number(x) + "\" cy=\"" + number(axes.y(here.share)) +
            "\" r=\"5\" fill=\"" + curve.colour + "\"/>\n";
  }
  const Place& last = curve.places.back();
  return body + text_at(axes.x(last.x) + 12.0,
                        axes.y(last.share) + 4.0 + name_shift,
                        "style=\"fill:" + curve.colour + "\"",
                        curve.name);
}

/// Names of curves that end close together are moved apart.
std::string draw_curves(const std::vector<Curve>& curves, const Axes& axes) {
  const double gap = axes.y(curves[1].places.back().share) - axes.y(curves[0].places.back().share);
  const double shift = std::abs(gap) < 16.0 ? (16.0 - std::abs(gap)) / 2.0 : 0.0;
  const double sign = gap >= 0.0 ? 1.0 : -1.0;
  return draw_curve(curves[1], axes, sign * shift) + draw_curve(curves[0], axes, -sign * shift);
}

std::string reference_line(const Axes& axes, double share, const std::string& name) {
  const double y = axes.y(share);
  return line(kLeft, y, kLeft + kPlot, y, "path") +
         text_at(kLeft + 4.0, y - 6.0, "class=\"small\"", name);
}

}  // namespace

std::string plot_bitstream_bits(const BitstreamReport& report) {
  if (report.points.size() < 2) return "";
  std::vector<Curve> curves{{"bitstream", kStreams, {}}, {"fixed point", kWords, {}}};
  for (const BitstreamPoint& point : report.points) {
    const double bits = point.bits;
    curves[0].places.push_back(place_at(bits, point.bitstream, point.bitstream.interval));
    curves[1].places.push_back(place_at(bits, point.fixed_point, point.fixed_point.interval));
  }
  const Axes axes = axes_of(curves, report.float_accuracy);
  std::string body = accuracy_grid(axes);
  for (const Place& place : curves[0].places) {
    body += tick_at(axes, place.x, fixed(place.x, 0) + " bits");
  }
  body += reference_line(axes, report.float_accuracy, "float") + draw_curves(curves, axes);
  return picture(kBottom + 30.0, "Accuracy against bits", body);
}

std::string plot_bitstream_faults(const BitstreamReport& report) {
  std::vector<Curve> curves{{"streams", kStreams, {}}, {"binary words", kWords, {}}};
  const auto place_of = [](double x, const simulate::SampleStatistics& accuracy) {
    return place_at(x, accuracy.mean, accuracy.mean_interval);
  };
  for (const BitstreamFault& fault : report.faults) {
    if (fault.rate <= 0.0) continue;
    const double decade = std::log10(fault.rate);
    curves[0].places.push_back(place_of(decade, fault.streams));
    curves[1].places.push_back(place_of(decade, fault.words));
  }
  if (curves[0].places.empty()) return "";
  const Axes axes = axes_of(curves, report.faultless_streams);
  std::string body = accuracy_grid(axes);
  for (double decade = std::ceil(axes.first - 1e-9); decade <= axes.last + 1e-9; decade += 1.0) {
    body += tick_at(axes, decade, "1e" + fixed(decade, 0));
  }
  body += reference_line(axes, report.faultless_streams, "no flips") + draw_curves(curves, axes);
  return picture(kBottom + 30.0, "Accuracy against the rate of bit flips", body);
}

}  // namespace memspice::report
