#include "report/fit_plot.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.hpp"
#include "report/plots.hpp"
#include "report/svg.hpp"

namespace memspice::report {
namespace {

constexpr double kFrameLeft = 84.0, kFrameRight = 700.0, kFrameTop = 44.0, kFrameBottom = 344.0,
                 kPictureHeight = 400.0;
constexpr const char* kDataColour = "#0b62b5";
constexpr const char* kLawColour = "#c2410c";

/// An axis in units of `factor`, linear or logarithmic.
struct FitAxis {
  double low = 0.0, high = 1.0;  // in SI; of a logarithmic one decimal logarithms
  double factor = 1.0;           // SI per tick's unit
  std::string title = {};
  bool is_log = false;

  double share(double value) const {
    const double at = is_log ? std::log10(value) : value;
    return (at - low) / (high - low);
  }
};

/// "uA" for 1e-6 and Ampere: what format_quantity puts behind the number.
std::string prefixed(double factor, Unit unit) {
  const std::string text = format_quantity(factor, unit, 3);
  const std::size_t blank = text.find(' ');
  return blank == std::string::npos ? "" : text.substr(blank + 1);
}

/// Widest extent of the curves' values.
struct FitSpan {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  void add(const Eigen::VectorXd& values) {
    if (values.size() == 0) return;
    low = std::min(low, values.minCoeff());
    high = std::max(high, values.maxCoeff());
  }
};

FitAxis make_axis(const FitSpan& span, const std::string& name, Unit unit, bool is_log) {
  FitAxis axis{.is_log = is_log};
  const double largest = std::max(std::abs(span.low), std::abs(span.high));
  const bool has_prefix = unit != Unit::None && unit != Unit::PerVolt && largest > 0.0 && !is_log;
  if (has_prefix) axis.factor = std::pow(1e3, std::floor(std::log10(largest) / 3.0));
  const std::string in = prefixed(axis.factor, unit);
  axis.title = name + (in.empty() ? "" : " [" + in + "]");
  axis.low = is_log ? std::log10(span.low) : span.low;
  axis.high = is_log ? std::log10(span.high) : span.high;
  const double pad = std::max(0.04 * (axis.high - axis.low),
                              1e-3 * std::max(std::abs(axis.low), std::abs(axis.high)));
  axis.low -= pad > 0.0 ? pad : 1.0;
  axis.high += pad > 0.0 ? pad : 1.0;
  return axis;
}

/// Where a tick stands, of 0 .. 1, and what it says.
struct FitTick {
  double share = 0.0;
  std::string text;
};

std::vector<FitTick> fit_ticks(const FitAxis& axis) {
  const double unit = axis.is_log ? 1.0 : axis.factor;
  const double low = axis.low / unit, high = axis.high / unit;
  const double step =
      axis.is_log ? std::max(1.0, std::ceil((high - low) / 7.0)) : svg::nice_step(high - low);
  std::vector<FitTick> ticks;
  for (double k = std::ceil(low / step); k * step <= high; k += 1.0) {
    const double value = k * step;
    ticks.push_back({(value - low) / (high - low),
                     axis.is_log ? to_text_rounded(std::pow(10.0, value), 3)
                                 : to_text_rounded(value == 0.0 ? 0.0 : value, 6)});
  }
  return ticks;
}

double x_pixel(double share) {
  return kFrameLeft + (kFrameRight - kFrameLeft) * share;
}
double y_pixel(double share) {
  return kFrameBottom - (kFrameBottom - kFrameTop) * share;
}

std::string rule(double x1, double y1, double x2, double y2, const char* colour) {
  return "<line x1=\"" + svg::number(x1) + "\" y1=\"" + svg::number(y1) + "\" x2=\"" +
         svg::number(x2) + "\" y2=\"" + svg::number(y2) + "\" stroke=\"" + colour + "\"/>\n";
}

std::string fit_grid(const FitAxis& x, const FitAxis& y) {
  std::string out;
  for (const FitTick& tick : fit_ticks(x)) {
    const double at = x_pixel(tick.share);
    out += rule(at, kFrameTop, at, kFrameBottom, "#ddd");
    out += svg::text_at(at, kFrameBottom + 18.0, "text-anchor=\"middle\"", tick.text);
  }
  for (const FitTick& tick : fit_ticks(y)) {
    const double at = y_pixel(tick.share);
    out += rule(kFrameLeft, at, kFrameRight, at, "#ddd");
    out += svg::text_at(kFrameLeft - 8.0, at + 4.0, "text-anchor=\"end\"", tick.text);
  }
  out += "<rect x=\"" + svg::number(kFrameLeft) + "\" y=\"" + svg::number(kFrameTop) +
         "\" width=\"" + svg::number(kFrameRight - kFrameLeft) + "\" height=\"" +
         svg::number(kFrameBottom - kFrameTop) + "\" fill=\"none\" stroke=\"#888\"/>\n";
  out += svg::text_at(
      0.5 * (kFrameLeft + kFrameRight), kFrameBottom + 40.0, "text-anchor=\"middle\"", x.title);
  return out + svg::text_at(18.0,
                            0.5 * (kFrameTop + kFrameBottom),
                            "text-anchor=\"middle\" transform=\"rotate(-90 18 " +
                                svg::number(0.5 * (kFrameTop + kFrameBottom)) + ")\"",
                            y.title);
}

/// At most 2000 dots a curve: more hide each other.
std::string dots_of(const device::FitCurve& curve, const FitAxis& x, const FitAxis& y) {
  std::string out;
  const Eigen::Index stride = std::max<Eigen::Index>(1, curve.x.size() / 2000);
  for (Eigen::Index k = 0; k < curve.x.size(); k += stride) {
    out += "<circle cx=\"" + svg::number(x_pixel(x.share(curve.x(k)))) + "\" cy=\"" +
           svg::number(y_pixel(y.share(curve.measured(k)))) + "\" r=\"2.2\"/>\n";
  }
  return out;
}

std::string law_of(const device::FitCurve& curve, const FitAxis& x, const FitAxis& y) {
  if (curve.at.size() == 0) return "";
  std::string points;
  for (Eigen::Index k = 0; k < curve.at.size(); ++k) {
    points += svg::number(x_pixel(x.share(curve.at(k)))) + ',' +
              svg::number(y_pixel(y.share(curve.law(k)))) + ' ';
  }
  return "<polyline fill=\"none\" stroke=\"" + std::string(kLawColour) +
         "\" stroke-width=\"1\" points=\"" + points + "\"/>\n";
}

std::string fit_legend(bool has_law) {
  std::string out = "<circle cx=\"560\" cy=\"30\" r=\"3\" fill=\"" + std::string(kDataColour) +
                    "\"/>\n" + svg::text_at(570.0, 34.0, "", "data");
  if (!has_law) return out;
  return out + "<line x1=\"626\" y1=\"30\" x2=\"650\" y2=\"30\" stroke-width=\"2\" stroke=\"" +
         kLawColour + "\"/>\n" + svg::text_at(656.0, 34.0, "", "law");
}

std::string draw_picture(const device::FitPicture& picture) {
  FitSpan x_span, y_span;
  bool has_law = false;
  for (const device::FitCurve& curve : picture.curves) {
    for (const auto* values : {&curve.x, &curve.at}) x_span.add(*values);
    for (const auto* values : {&curve.measured, &curve.law}) y_span.add(*values);
    has_law = has_law || curve.at.size() > 0;
  }
  const FitAxis x = make_axis(x_span, picture.x_name, picture.x_unit, picture.is_log_x);
  const FitAxis y = make_axis(y_span, picture.y_name, picture.y_unit, false);
  std::string dots, laws;
  for (const device::FitCurve& curve : picture.curves) {
    dots += dots_of(curve, x, y);
    laws += law_of(curve, x, y);
  }
  return svg::text_at(kFrameLeft, 34.0, "font-weight=\"600\"", picture.title) +
         fit_legend(has_law) + fit_grid(x, y) + laws + "<g fill=\"" + kDataColour +
         "\" fill-opacity=\"0.55\">\n" + dots + "</g>\n";
}

}  // namespace

std::string plot_fit(const std::vector<device::FitPicture>& pictures) {
  const double height = kPictureHeight * static_cast<double>(pictures.size());
  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 " +
                    svg::number(height) +
                    "\" font-family=\"sans-serif\" font-size=\"13\">\n<rect width=\"720\" "
                    "height=\"" +
                    svg::number(height) + "\" fill=\"white\"/>\n";
  double offset = 0.0;
  for (const device::FitPicture& picture : pictures) {
    out += "<g transform=\"translate(0 " + svg::number(offset) + ")\">\n" + draw_picture(picture) +
           "</g>\n";
    offset += kPictureHeight;
  }
  return out + "</svg>\n";
}

}  // namespace memspice::report
