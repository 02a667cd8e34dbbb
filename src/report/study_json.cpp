#include <nlohmann/json.hpp>

#include "report/json_text.hpp"
#include "report/share_json.hpp"
#include "report/study.hpp"

namespace memspice::report {
namespace {

using Json = nlohmann::ordered_json;

/// Every number that the run gave, whatever columns the study shows.
Json values_of(const RunReport& report) {
  Json values = Json::object();
  for (const Metric& metric : metrics()) {
    if (const auto value = metric.value(report)) values[std::string(metric.name)] = *value;
  }
  return values;
}

/// Of the accuracies among them.
Json intervals_of(const RunReport& report) {
  Json intervals = Json::object();
  for (const Metric& metric : metrics()) {
    const auto share = metric.share ? metric.share(report) : std::nullopt;
    if (share) intervals[std::string(metric.name)] = interval_json(share->interval);
  }
  return intervals;
}

Json to_json(const StudyRow& row) {
  Json json{{"name", row.name},
            {"series", row.series.empty() ? Json(nullptr) : Json(row.series)},
            {"x", row.x ? Json(*row.x) : Json(nullptr)},
            {"folder", row.folder.empty() ? Json(nullptr) : Json(row.folder)},
            {"failure", row.failure.empty() ? Json(nullptr) : Json(row.failure)},
            {"metrics", row.report ? values_of(*row.report) : Json::object()},
            {"intervals", row.report ? intervals_of(*row.report) : Json::object()}};
  if (row.report) json["results"] = results_json(*row.report);
  return json;
}

}  // namespace

Json study_json(const Study& study) {
  Json columns = Json::array();
  for (const Metric* metric : columns_of(study)) columns.push_back(metric->name);
  Json variants = Json::array();
  for (const StudyRow& row : study.rows) variants.push_back(to_json(row));
  return {{"study",
           {{"flow", study.flow},
            {"title", study.layout.title},
            {"x", study.layout.x},
            {"columns", std::move(columns)},
            {"claims", study.layout.claims}}},
          {"variants", std::move(variants)}};
}

std::string to_json(const Study& study) {
  return json_text(study_json(study));
}

}  // namespace memspice::report
