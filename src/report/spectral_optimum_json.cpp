#include <nlohmann/json.hpp>

#include "report/json_text.hpp"
#include "report/spectral_optimum.hpp"
#include "report/spectral_report.hpp"

namespace memspice::report {
namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json to_json(const std::optional<Throughput>& throughput) {
  if (!throughput) return nullptr;
  return {{"batch", throughput->batch}, {"single", throughput->single}};
}

/// Bins that pooling keeps and maps, layer by layer.
Json shape_of(const spectral::Architecture& architecture) {
  Json sizes = Json::array(), depths = Json::array();
  for (const spectral::LayerShape& layer : architecture.layers) {
    sizes.push_back(layer.pooled);
    depths.push_back(layer.channels_out);
  }
  return {{"sizes", sizes}, {"depths", depths}, {"classifier", architecture.classifier}};
}

Json to_json(const SpectralOptimum& optimum, const SpectralCandidate& candidate) {
  const auto& [architecture, strategy, cost] = candidate.candidate;
  Json json{{"name", architecture.name}, {"strategy", spectral::to_text(strategy)}};
  json.update(shape_of(architecture));
  json["total"] = counts_json(cost.total);
  json["classifier_counts"] = counts_json(cost.classifier);
  json["computation_and_memory"] = cost.computation_and_memory();
  json["energy_joule"] = candidate.energy;
  json["file"] = candidate.file.empty() ? Json(nullptr) : Json(candidate.file);
  json["command"] = candidate.command.empty() ? Json(nullptr) : Json(candidate.command);
  json["accuracy"] = or_null(candidate.accuracy);
  json["accuracy_loss"] = or_null(optimum.loss_of(candidate));
  json["throughput"] = to_json(candidate.throughput);
  json["pareto"] = candidate.on_front;
  return json;
}

/// The chosen network's throughput over another's.
Json gain_over(const SpectralOptimum& optimum, const std::optional<Throughput>& other) {
  if (!optimum.chosen || !other) return nullptr;
  const Throughput& chosen = *optimum.candidates[*optimum.chosen].throughput;
  return {{"batch", chosen.batch / other->batch}, {"single", chosen.single / other->single}};
}

}  // namespace

std::string to_json(const SpectralOptimum& optimum) {
  Json candidates = Json::array();
  for (const SpectralCandidate& candidate : optimum.candidates) {
    candidates.push_back(to_json(optimum, candidate));
  }
  const Json chosen = optimum.chosen
                          ? Json(optimum.candidates[*optimum.chosen].candidate.architecture.name)
                          : Json(nullptr);
  return json_text(Json{{"flow", optimum.flow},
                        {"images", optimum.images},
                        {"batch", optimum.batch},
                        {"max_accuracy_loss", optimum.max_accuracy_loss},
                        {"original",
                         {{"unfused", spectral_cost_json(optimum.unfused)},
                          {"throughput_unfused", to_json(optimum.original_unfused)},
                          {"throughput_fused", to_json(optimum.original_fused)}}},
                        {"candidates", std::move(candidates)},
                        {"chosen", chosen},
                        {"gain",
                         {{"over_unfused", gain_over(optimum, optimum.original_unfused)},
                          {"over_fused", gain_over(optimum, optimum.original_fused)}}}});
}

}  // namespace memspice::report
