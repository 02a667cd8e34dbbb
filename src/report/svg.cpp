#include "report/svg.hpp"

#include <algorithm>
#include <cmath>

#include "report/numbers.hpp"
#include "report/plots.hpp"

namespace memspice::report::svg {

std::string number(double value) {
  return fixed(value, 1);
}

std::string text_at(double x, double y, const std::string& attributes, const std::string& text) {
  return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" " + attributes + '>' +
         escape_html(text) + "</text>\n";
}

std::string line(double x1, double y1, double x2, double y2, const std::string& kind) {
  return "<line class=\"" + kind + "\" x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" +
         number(x2) + "\" y2=\"" + number(y2) + "\"/>\n";
}

std::string bar(double x, double y, double width, double height, const std::string& colour) {
  return "<rect x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\"" +
         number(std::max(width, 1.0)) + "\" height=\"" + number(height) + "\" rx=\"2\" fill=\"" +
         escape_html(colour) + "\"/>\n";
}

std::string picture(double height, const std::string& label, const std::string& body) {
  return "<svg role=\"img\" aria-label=\"" + escape_html(label) + "\" viewBox=\"0 0 " +
         number(kWidth) + ' ' + number(height) + "\">\n" + body + "</svg>\n";
}

double nice_step(double span) {
  const double power = std::pow(10.0, std::floor(std::log10(span / 4.0)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (span / (factor * power) <= 5.0) return factor * power;
  }
  return 10.0 * power;
}

PercentAxis percent_axis(double least_share, double most_share) {
  // At least one point wide, so that rounding noise does not look like a cliff.
  const double span = std::max(100.0 * (most_share - least_share), 1.0);
  const double step = nice_step(span);
  return {.low = std::max(0.0, std::floor((100.0 * least_share - 0.15 * span) / step) * step),
          .high = std::min(100.0, std::ceil((100.0 * most_share + 0.15 * span) / step) * step),
          .step = step};
}

std::string percent_grid(const PercentAxis& axis,
                         double left,
                         double right,
                         const std::function<double(double)>& y) {
  std::string body;
  for (double tick = axis.low; tick <= axis.high + 1e-9; tick += axis.step) {
    const double height = y(tick / 100.0);
    body += line(left, height, right, height, "grid");
    body += text_at(left - 8.0,
                    height + 4.0,
                    "class=\"tick\" text-anchor=\"end\"",
                    fixed(tick, axis.decimals()) + " %");
  }
  return body;
}

}  // namespace memspice::report::svg
