#include "report/share_text.hpp"

#include "report/numbers.hpp"

namespace memspice::report {
namespace {

template <typename Format>
std::string range_text(const simulate::Interval& interval, const Format& format) {
  if (!interval.low || !interval.high) return "";
  return format(*interval.low) + " to " + format(*interval.high);
}

}  // namespace

std::string interval_text(const simulate::Interval& interval) {
  return range_text(interval, [](double share) { return fixed(100.0 * share, 2); });
}

std::string with_interval(const simulate::Share& share) {
  const std::string interval = interval_text(share.interval);
  return percent(share) + (interval.empty() ? "" : " (" + interval + ")") +
         (share.trusted ? "" : ", not to be trusted");
}

std::string change_interval(const std::optional<simulate::PairedChange>& change) {
  return change ? range_text(change->interval, points) : std::string();
}

std::string change_text(const std::optional<simulate::PairedChange>& change) {
  if (!change) return "";
  const std::string interval = change_interval(change);
  return points(change->value) + (interval.empty() ? "" : " (" + interval + ")");
}

std::string interval_remark() {
  return "Intervals hold with 95 % confidence for images like these: of a share exact (Clopper, "
         "Pearson), of a step from the images whose label it changes (exact McNemar).";
}

}  // namespace memspice::report
