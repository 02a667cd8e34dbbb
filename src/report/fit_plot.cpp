#include "report/fit_plot.hpp"

#include <algorithm>
#include <limits>

#include "report/axes.hpp"
#include "report/svg.hpp"

namespace memspice::report {
namespace {

constexpr svg::Box kFitBox{.left = 84.0, .top = 44.0, .width = 616.0, .height = 300.0};
constexpr double kFitHeight = 400.0;  // of a picture
constexpr const char* kDataColour = "#0b62b5";
constexpr const char* kLawColour = "#c2410c";

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

struct FitAxes {
  svg::Axis x, y;
};

FitAxes axes_of(const device::FitPicture& picture) {
  FitSpan x, y;
  for (const device::FitCurve& curve : picture.curves) {
    for (const auto* values : {&curve.x, &curve.at}) x.add(*values);
    for (const auto* values : {&curve.measured, &curve.law}) y.add(*values);
  }
  return {svg::make_axis(x.low, x.high, picture.x_name, picture.x_unit, picture.is_log_x),
          svg::make_axis(y.low, y.high, picture.y_name, picture.y_unit)};
}

/// At most 2000 dots a curve: more hide each other.
std::string dots_of(const device::FitCurve& curve, const FitAxes& axes) {
  std::string out;
  const Eigen::Index stride = std::max<Eigen::Index>(1, curve.x.size() / 2000);
  for (Eigen::Index k = 0; k < curve.x.size(); k += stride) {
    out += "<circle cx=\"" + svg::number(kFitBox.x(axes.x, curve.x(k))) + "\" cy=\"" +
           svg::number(kFitBox.y(axes.y, curve.measured(k))) + "\" r=\"2.2\"/>\n";
  }
  return out;
}

std::string fit_legend(bool has_law) {
  std::string out = "<circle cx=\"560\" cy=\"30\" r=\"3\" fill=\"" + std::string(kDataColour) +
                    "\"/>\n" + svg::text_at(570.0, 34.0, "class=\"small\"", "data");
  if (!has_law) return out;
  return out + "<line x1=\"626\" y1=\"30\" x2=\"650\" y2=\"30\" stroke-width=\"2\" stroke=\"" +
         kLawColour + "\"/>\n" + svg::text_at(656.0, 34.0, "class=\"small\"", "law");
}

std::string draw_picture(const device::FitPicture& picture) {
  const FitAxes axes = axes_of(picture);
  std::string dots, laws;
  for (const device::FitCurve& curve : picture.curves) {
    dots += dots_of(curve, axes);
    if (curve.at.size() > 0) {
      laws += svg::draw_line(kFitBox, axes.x, axes.y, curve.at, curve.law, kLawColour);
    }
  }
  return svg::text_at(kFitBox.left, 34.0, "class=\"value\"", picture.title) +
         fit_legend(!laws.empty()) + svg::draw_axes(kFitBox, axes.x, axes.y) + laws + "<g fill=\"" +
         kDataColour + "\" fill-opacity=\"0.55\">\n" + dots + "</g>\n";
}

}  // namespace

std::string plot_fit(const std::vector<device::FitPicture>& pictures) {
  std::string body;
  double offset = 0.0;
  for (const device::FitPicture& picture : pictures) {
    body += "<g transform=\"translate(0 " + svg::number(offset) + ")\">\n" + draw_picture(picture) +
            "</g>\n";
    offset += kFitHeight;
  }
  return svg::file(offset, "data and fitted laws", body);
}

}  // namespace memspice::report
