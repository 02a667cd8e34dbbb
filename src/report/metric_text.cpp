// Metrics as people read them.

#include <cmath>

#include "base/text.hpp"
#include "base/units.hpp"
#include "report/metrics.hpp"
#include "report/numbers.hpp"

namespace memspice::report {
namespace {

/// "+12.3 %"; one decimal, as far as a reader compares designs.
std::string signed_percent(double share) {
  const std::string text = fixed(100.0 * share, 1);
  if (text.find_first_not_of("-0.") == std::string::npos) return "0.0 %";
  return (share > 0.0 ? "+" : "") + text + " %";
}

}  // namespace

std::string value_text(const Metric& metric, double value) {
  switch (metric.quantity) {
    case Quantity::Share:
      return percent(value);
    case Quantity::Error:
      return value < 1.0 ? error_percent(value)
                         : with_thousands(std::llround(100.0 * value)) + " %";
    case Quantity::Count:
      return with_thousands(std::llround(value));
    case Quantity::Area:
      return to_text_rounded(value * 1e6, 3) + " mm2";
    case Quantity::Power:
      return format_quantity(value, Unit::Watt, 3);
    case Quantity::Energy:
      return format_quantity(value, Unit::Joule, 3);
    case Quantity::Time:
      return format_quantity(value, Unit::Second, 3);
    case Quantity::Rate:
      return value < 1000.0 ? to_text_rounded(value, 3) : with_thousands(std::llround(value));
    case Quantity::Ratio:
      return to_text_rounded(value, 3);
  }
  return to_text(value);
}

std::string change_text(const Metric& metric, double value, double base) {
  if (metric.quantity == Quantity::Share) return points(value - base);
  if (base == 0.0) return "";
  return signed_percent(value / base - 1.0);
}

}  // namespace memspice::report
