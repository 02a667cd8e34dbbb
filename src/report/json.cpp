// results.json: the keys that scripts rely on.

#include <nlohmann/json.hpp>

#include "report/cost_report.hpp"
#include "report/numbers.hpp"
#include "report/run_report.hpp"

namespace memspice::report {
namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json to_json(const tile::ModelError& error) {
  return {{"nrmse", error.nrmse}, {"max", error.max}};
}

Json to_json(const tile::ErrorTriple& errors) {
  if (errors.vectors == 0) return nullptr;
  return {{"vectors", errors.vectors},
          {"ideal", to_json(errors.ideal)},
          {"mesh", to_json(errors.mesh)},
          {"calibrated", to_json(errors.calibrated)}};
}

Json to_json(const tile::LayerCalibration& layer) {
  const Eigen::VectorXd& a = layer.calibration.coefficients;
  return {{"shared_by", layer.group.empty() ? Json(nullptr) : Json(layer.group)},
          {"read_voltage", layer.calibration.read_voltage},
          {"coefficients", std::vector<double>(a.data(), a.data() + a.size())},
          {"fitted", to_json(layer.fitted)},
          {"held_out_vectors", to_json(layer.held_out_vectors)},
          {"held_out_tiles", to_json(layer.held_out_tiles)}};
}

Json to_json(const LayerReport& layer) {
  return {{"name", layer.name},
          {"kind", layer.kind},
          {"fidelity", layer.fidelity},
          {"path", layer.path},
          {"inputs", layer.inputs},
          {"outputs", layer.outputs},
          {"tiles", layer.tiles},
          {"crossbars", layer.tiles * layer.replicas},
          {"memristors", layer.memristors},
          {"vectors_per_image", layer.vectors_per_image},
          {"energy", layer.energy},
          {"calibration", layer.calibration ? to_json(*layer.calibration) : Json(nullptr)}};
}

Json to_json(const LayerAgainstSpice& layer) {
  Json json{{"layer", layer.layer}};
  for (const AgainstSpice& row : layer.fidelities) {
    json[row.fidelity] = {
        {"rms", row.rms}, {"max", row.max}, {"changed_labels", row.changed_labels}};
  }
  return json;
}

Json to_json(const simulate::Interval& interval) {
  return Json::array({or_null(interval.low), or_null(interval.high)});
}

/// The keys of one set of samples.
Json to_json(const simulate::SampleStatistics& accuracy) {
  Json percentiles = Json::array();
  for (const simulate::Percentile& percentile : accuracy.percentiles) {
    percentiles.push_back({{"rank", percentile.rank},
                           {"value", percentile.value},
                           {"interval", to_json(percentile.interval)}});
  }
  return {{"samples", accuracy.samples},
          {"mean", accuracy.mean},
          {"mean_interval", to_json(accuracy.mean_interval)},
          {"std", or_null(accuracy.deviation)},
          {"std_interval", to_json(accuracy.deviation_interval)},
          {"percentiles", std::move(percentiles)},
          {"min", accuracy.least},
          {"max", accuracy.most},
          {"confidence", accuracy.confidence}};
}

Json monte_carlo_of(const RunReport& report) {
  if (!report.variability) return nullptr;
  const VariabilityReport& variability = *report.variability;
  Json json = to_json(variability.programmed);
  json["nominal"] = variability.nominal;
  json["fidelity"] = variability.fidelity;
  json["sample"] = variability.sample;
  json["accuracies"] = variability.accuracies;
  json["seconds"] = variability.seconds;
  return json;
}

Json drift_of(const RunReport& report) {
  Json json = Json::array();
  if (!report.variability) return json;
  for (const DriftPoint& point : report.variability->drift) {
    json.push_back(to_json(point.accuracy));
    json.back()["time"] = point.time;
  }
  return json;
}

/// Of labelled pixels: Dice by fidelity, and the grey threshold's figures.
Json segmentation_of(const RunReport& report) {
  if (!report.segmentation) return nullptr;
  const SegmentationReport& found = *report.segmentation;
  return {{"foreground", found.foreground},
          {"dice",
           {{"float", or_null(found.dice.float32)},
            {"ideal", or_null(found.dice.ideal)},
            {"mesh", or_null(found.dice.mesh)},
            {"calibrated", or_null(found.dice.calibrated)},
            {"flow", or_null(found.dice.flow)},
            {"periphery", or_null(found.dice.periphery)}}},
          {"threshold",
           {{"grey", found.threshold},
            {"accuracy", found.threshold_accuracy},
            {"dice", found.threshold_dice}}}};
}

Json kernel_first_of(const RunReport& report) {
  if (!report.kernel_first) return nullptr;
  return Json::parse(kernel_first_json(*report.kernel_first));
}

Json bitstream_of(const RunReport& report) {
  if (!report.bitstream) return nullptr;
  return Json::parse(bitstream_json(*report.bitstream));
}

Json bitstream_accuracy(const RunReport& report) {
  if (!report.bitstream) return nullptr;
  return report.bitstream->accuracy;
}

Json spectral_of(const RunReport& report) {
  return report.spectral ? Json::parse(spectral_json(*report.spectral)) : Json(nullptr);
}

Json spectral_accuracy(const RunReport& report) {
  return report.spectral ? Json(report.spectral->accuracy) : Json(nullptr);
}

Json programming_of(const RunReport& report) {
  return report.programming ? Json::parse(programming_json(*report.programming)) : Json(nullptr);
}

Json calibration_of(const RunReport& report) {
  if (!report.calibration) return nullptr;
  const tile::ErrorTriple& held_out = report.calibration->held_out;
  return {{"nrmse_held_out", held_out.calibrated.nrmse},
          {"max_held_out", held_out.calibrated.max},
          {"vectors_fit", report.calibration->vectors_fit},
          {"vectors_held_out", report.calibration->vectors_held_out},
          {"mesh", to_json(held_out.mesh)},
          {"ideal", to_json(held_out.ideal)}};
}

}  // namespace

std::string to_json(const RunReport& report) {
  Json layers = Json::array();
  for (const LayerReport& layer : report.layers) layers.push_back(to_json(layer));
  Json against_spice = Json::array();
  for (const LayerAgainstSpice& layer : report.against_spice) {
    against_spice.push_back(to_json(layer));
  }
  Json json{{"flow", report.flow},
            {"network", report.network},
            {"data", report.data},
            {"calibration_data", report.calibration_data},
            {"card", report.card},
            {"technology", report.technology},
            {"accuracy",
             {{"float", or_null(report.accuracy.float32)},
              {"ideal", or_null(report.accuracy.ideal)},
              {"mesh", or_null(report.accuracy.mesh)},
              {"calibrated", or_null(report.accuracy.calibrated)},
              {"spice", or_null(report.accuracy.spice)},
              {"flow", or_null(report.accuracy.flow)},
              {"bitstream", bitstream_accuracy(report)},
              {"spectral", spectral_accuracy(report)}}},
            {"segmentation", segmentation_of(report)},
            {"kernel_first", kernel_first_of(report)},
            {"bitstream", bitstream_of(report)},
            {"spectral", spectral_of(report)},
            {"images", report.images},
            {"tiles", report.tiles},
            {"crossbars", crossbar_count(report)},
            {"memristors", report.memristors},
            {"parameters", report.parameters},
            {"line_loss", or_null(report.line_loss)},
            {"calibration", calibration_of(report)},
            {"monte_carlo", monte_carlo_of(report)},
            {"drift", drift_of(report)},
            {"programming", programming_of(report)},
            {"spice",
             {{"runs", report.spice.runs},
              {"failed", report.spice.failed},
              {"seconds", report.spice.seconds},
              {"version", report.spice.version}}},
            {"against_spice", std::move(against_spice)},
            {"seconds",
             {{"characterize", report.seconds_characterize},
              {"simulate", report.seconds_simulate},
              {"total", report.seconds_total}}},
            {"energy", report.energy},
            {"cost", report.cost ? Json::parse(cost_json(*report.cost)) : Json(nullptr)},
            {"seed", report.seed},
            {"settings", report.settings},
            {"versions", report.versions},
            {"notes", report.notes},
            {"layers", std::move(layers)}};
  if (report.periphery) {
    json["accuracy"]["periphery"] = or_null(report.accuracy.periphery);
    json["periphery"] = Json::parse(network_periphery_json(*report.periphery));
  }
  // A file name need not be UTF-8; the report is.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace memspice::report
