#include "report/svg.hpp"

#include <algorithm>
#include <cmath>

#include "report/numbers.hpp"
#include "report/plots.hpp"
#include "report/text_table.hpp"

namespace memspice::report::svg {

std::string number(double value) {
  return fixed(value, 1);
}

std::string text_at(double x, double y, const std::string& attributes, const std::string& text) {
  return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" " + attributes + '>' +
         escape_html(text) + "</text>\n";
}

std::string row_name(double left, double y, const std::string& name) {
  constexpr std::size_t longest = 12;
  const std::string text = display_width(name) <= longest ? name : shorten(name, longest - 1) + "…";
  return text_at(left - 12.0, y, "class=\"name\" text-anchor=\"end\"", text);
}

std::string line(double x1, double y1, double x2, double y2, const std::string& kind) {
  return "<line class=\"" + kind + "\" x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" +
         number(x2) + "\" y2=\"" + number(y2) + "\"/>\n";
}

std::string bar(double x, double y, double width, double height, const std::string& colour) {
  return "<rect x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\"" +
         number(std::max(width, 1.0)) + "\" height=\"" + number(height) +
         "\" rx=\"2\" style=\"fill:" + escape_html(colour) + "\"/>\n";
}

std::string picture(const Size& size, const std::string& label, const std::string& body) {
  return "<div class=\"scroll\"><svg role=\"img\" aria-label=\"" + escape_html(label) +
         "\" viewBox=\"0 0 " + number(size.width) + ' ' + number(size.height) + "\">\n" + body +
         "</svg></div>\n";
}

std::string picture(double height, const std::string& label, const std::string& body) {
  return picture({.height = height}, label, body);
}

std::string file(double height, const std::string& label, const std::string& body) {
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"" +
         escape_html(label) + "\" viewBox=\"0 0 " + number(kWidth) + ' ' + number(height) +
         "\" width=\"" + number(kWidth) + "\" height=\"" + number(height) +
         "\" font-family=\"DejaVu Sans, sans-serif\" font-size=\"14\">\n"
         "<style>.tick { fill: #555; font-size: 12px; } .small { fill: #333; font-size: 12px; }\n"
         ".grid { stroke: #e2e2e2; } .zero { stroke: #999; }\n"
         ".name { fill: #000; } .value { fill: #000; font-weight: 600; }</style>\n"
         "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n" +
         body + "</svg>\n";
}

double nice_step(double span) {
  const double power = std::pow(10.0, std::floor(std::log10(span / 4.0)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (span / (factor * power) <= 5.0) return factor * power;
  }
  return 10.0 * power;
}

void ShareRange::add(double share) {
  low = std::min(low, share);
  high = std::max(high, share);
}

void ShareRange::add(const simulate::Interval& interval) {
  if (!interval.low || !interval.high) return;
  add(std::max(0.0, *interval.low));
  add(std::min(1.0, *interval.high));
  error = std::max(error, simulate::Share(0.0, 0, interval).error());
}

void ShareRange::add(const simulate::Share& share) {
  add(share.value);
  add(share.interval);
}

PercentAxis percent_axis(const ShareRange& range) {
  const double low = 100.0 * std::min(range.low, range.high);
  const double high = 100.0 * std::max(range.low, range.high);
  const double span = std::min(100.0, std::max({high - low, 1.0, 400.0 * range.error}));
  // Around the shares, but within 0 and 100 %: what is cut off on one side is added on the other.
  const double first = std::clamp(0.5 * (low + high - span), 0.0, 100.0 - span);
  const double step = nice_step(span);
  return {.low = std::max(0.0, std::floor((first - 0.15 * span) / step) * step),
          .high = std::min(100.0, std::ceil((first + 1.15 * span) / step) * step),
          .step = step};
}

std::string whisker(const simulate::Interval& interval,
                    const std::function<double(double)>& x,
                    double y) {
  if (!interval.low || !interval.high) return "";
  return line(x(*interval.low), y, x(*interval.high), y, "whisker");
}

std::string upright_whisker(const simulate::Interval& interval,
                            double x,
                            const std::function<double(double)>& y) {
  if (!interval.low || !interval.high) return "";
  return line(x, y(*interval.low), x, y(*interval.high), "whisker");
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
