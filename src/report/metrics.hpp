#pragma once
// Named numbers of a run, which a study lays side by side.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/run_report.hpp"

namespace memspice::report {

/// What a number measures: how it is written, and how its change is.
enum class Quantity {
  Share,   ///< 0 .. 1, in percent; changes in points
  Error,   ///< an excess or an error, relative; changes of this and all below in percent
  Count,   ///< with thousands
  Area,    ///< [m^2], in mm2
  Power,   ///< [W]
  Energy,  ///< [J]
  Time,    ///< [s]
  Rate,    ///< [1/s]
  Ratio,   ///< a plain number
};

/// Adding one is a line in metrics.cpp.
struct Metric {
  std::string name;         ///< as [study] columns names it: "accuracy.calibrated"
  std::string title;        ///< of its column: "calibrated"
  std::string_view family;  ///< of its plot: metrics of one family share an axis
  Quantity quantity = Quantity::Count;
  /// In SI; nothing where the run did not give it.
  std::function<std::optional<double>(const RunReport&)> value = {};
  /// Of an accuracy, with its interval; null for all other numbers.
  std::function<std::optional<simulate::Share>(const RunReport&)> share = {};
};

/// The interval of a run's accuracy; without bounds where the metric is none or no image is known.
simulate::Interval interval_of(const Metric& metric, const RunReport& report);

/// All of them, families together.
const std::vector<Metric>& metrics();
/// Throws InputError at `place` with a suggestion.
const Metric& find_metric(std::string_view name, std::string_view place);

/// "91.82 %", "6,336", "0.45 mm2", "1.2 mW".
std::string value_text(const Metric& metric, double value);
/// "-92.3 %" of `base`, or "-0.45" points of a share; empty where `base` is zero.
std::string change_text(const Metric& metric, double value, double base);

}  // namespace memspice::report
