#pragma once
// Shares, changes and intervals as JSON text.

#include <optional>
#include <string>

#include "simulate/sample_statistics.hpp"

namespace memspice::report {

/// [low, high], null where nothing bounds it.
std::string interval_json(const simulate::Interval& interval);
/// {"value", "interval", "images", "trusted"}; images is null where they are not known.
std::string share_json(const simulate::Share& share);
/// {"value", "interval", "gained", "lost", "p_value"}, or null.
std::string change_json(const std::optional<simulate::PairedChange>& change);
/// Mean, deviation, percentiles and extremes of samples, each with its interval.
std::string statistics_json(const simulate::SampleStatistics& accuracy);

}  // namespace memspice::report
