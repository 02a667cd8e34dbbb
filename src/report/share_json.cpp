#include "report/share_json.hpp"

#include <nlohmann/json.hpp>

namespace memspice::report {
namespace {

using Json = nlohmann::ordered_json;

Json or_open(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json bounds_of(const simulate::Interval& interval) {
  return Json::array({or_open(interval.low), or_open(interval.high)});
}

}  // namespace

nlohmann::ordered_json interval_json(const simulate::Interval& interval) {
  return bounds_of(interval);
}

nlohmann::ordered_json share_json(const simulate::Share& share) {
  return Json{{"value", share.value},
              {"interval", bounds_of(share.interval)},
              {"images", share.images > 0 ? Json(share.images) : Json(nullptr)},
              {"trusted", share.trusted}};
}

nlohmann::ordered_json change_json(const std::optional<simulate::PairedChange>& change) {
  if (!change) return nullptr;
  return Json{{"value", change->value},
              {"interval", bounds_of(change->interval)},
              {"gained", change->gained},
              {"lost", change->lost},
              {"p_value", change->probability}};
}

nlohmann::ordered_json statistics_json(const simulate::SampleStatistics& accuracy) {
  Json percentiles = Json::array();
  for (const simulate::Percentile& percentile : accuracy.percentiles) {
    percentiles.push_back({{"rank", percentile.rank},
                           {"value", percentile.value},
                           {"interval", bounds_of(percentile.interval)}});
  }
  return Json{{"samples", accuracy.samples},
              {"mean", accuracy.mean},
              {"mean_interval", bounds_of(accuracy.mean_interval)},
              {"mean_error",
               {{"samples", or_open(accuracy.sample_error)}, {"images", accuracy.image_error}}},
              {"std", or_open(accuracy.deviation)},
              {"std_interval", bounds_of(accuracy.deviation_interval)},
              {"percentiles", std::move(percentiles)},
              {"min", accuracy.least},
              {"max", accuracy.most},
              {"confidence", accuracy.confidence}};
}

}  // namespace memspice::report
