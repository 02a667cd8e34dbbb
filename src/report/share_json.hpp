#pragma once
// Shares, changes and intervals as JSON.

#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "simulate/sample_statistics.hpp"

namespace memspice::report {

/// [low, high], null where nothing bounds it.
nlohmann::ordered_json interval_json(const simulate::Interval& interval);
/// {"value", "interval", "images", "trusted"}; images is null where they are not known.
nlohmann::ordered_json share_json(const simulate::Share& share);
/// {"value", "interval", "gained", "lost", "p_value"}, or null.
nlohmann::ordered_json change_json(const std::optional<simulate::PairedChange>& change);
/// Mean, deviation, percentiles and extremes of samples, each with its interval.
nlohmann::ordered_json statistics_json(const simulate::SampleStatistics& accuracy);

}  // namespace memspice::report
