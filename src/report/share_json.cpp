#include "report/share_json.hpp"

#include <nlohmann/json.hpp>

namespace memspice::report {
namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json bounds_of(const simulate::Interval& interval) {
  return Json::array({or_null(interval.low), or_null(interval.high)});
}

}  // namespace

std::string interval_json(const simulate::Interval& interval) {
  return bounds_of(interval).dump();
}

std::string share_json(const simulate::Share& share) {
  return Json{{"value", share.value},
              {"interval", bounds_of(share.interval)},
              {"images", share.images > 0 ? Json(share.images) : Json(nullptr)},
              {"trusted", share.trusted}}
      .dump();
}

std::string change_json(const std::optional<simulate::PairedChange>& change) {
  if (!change) return "null";
  return Json{{"value", change->value},
              {"interval", bounds_of(change->interval)},
              {"gained", change->gained},
              {"lost", change->lost},
              {"p_value", change->probability}}
      .dump();
}

std::string statistics_json(const simulate::SampleStatistics& accuracy) {
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
               {{"samples", or_null(accuracy.sample_error)}, {"images", accuracy.image_error}}},
              {"std", or_null(accuracy.deviation)},
              {"std_interval", bounds_of(accuracy.deviation_interval)},
              {"percentiles", std::move(percentiles)},
              {"min", accuracy.least},
              {"max", accuracy.most},
              {"confidence", accuracy.confidence}}
      .dump();
}

}  // namespace memspice::report
