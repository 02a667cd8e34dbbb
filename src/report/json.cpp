// results.json: the keys that scripts rely on.

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ranges>

#include "report/answer.hpp"
#include "report/cost_report.hpp"
#include "report/hardware.hpp"
#include "report/json_text.hpp"
#include "report/numbers.hpp"
#include "report/sections.hpp"
#include "report/share_json.hpp"
#include "tile/certificate_json.hpp"

namespace memspice::report {
namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json to_json(const tile::ModelError& error) {
  return {{"nrmse", error.nrmse}, {"max", error.max}};
}

Json to_json(const tile::ModelErrors& errors) {
  if (errors.vectors == 0) return nullptr;
  Json json{{"vectors", errors.vectors}};
  for (const auto& [model, error] : errors.models) json[model] = to_json(error);
  return json;
}

Json to_json(const tile::TileSpread& spread) {
  return {{"tiles", spread.tiles},
          {"median", spread.median},
          {"ninetieth", spread.ninetieth},
          {"worst", spread.worst}};
}

/// Null where no tile was asked so.
Json certificate_of(const LayerReport& layer) {
  const bool has_one = layer.calibration && layer.calibration->certificate;
  return has_one ? tile::certificate_json(*layer.calibration->certificate) : Json(nullptr);
}

/// Rows of one power of G each; null where all cells are alike.
Json by_conductance(const tile::Calibration& calibration) {
  if (calibration.by_conductance.size() == 0) return nullptr;
  Json rows = Json::array();
  for (const auto& column : calibration.by_conductance.colwise()) {
    rows.push_back(std::vector<double>(column.begin(), column.end()));
  }
  return {{"scale_siemens", calibration.G_scale}, {"coefficients", std::move(rows)}};
}

Json to_json(const tile::LayerCalibration& layer) {
  const Eigen::VectorXd& a = layer.calibration.coefficients;
  return {{"shared_by", layer.group.empty() ? Json(nullptr) : Json(layer.group)},
          {"read_voltage", layer.calibration.read_voltage},
          {"coefficients", std::vector<double>(a.data(), a.data() + a.size())},
          {"powers", layer.calibration.powers},
          {"by_conductance", by_conductance(layer.calibration)},
          {"fitted", to_json(layer.fitted)},
          {"held_out_vectors", to_json(layer.held_out_vectors)},
          {"held_out_tiles", to_json(layer.held_out_tiles)},
          {"tile_spread", to_json(layer.spread)},
          {"fits", fits(layer)}};
}

/// With converters and all else that the layer's crossbars need; null without costs.
Json total_energy_of(const RunReport& report, const std::string& layer) {
  if (!report.cost) return nullptr;
  for (const cost::LayerCost& priced : report.cost->layers) {
    if (priced.name == layer) return priced.sum().energy;
  }
  return nullptr;
}

Json to_json(const RunReport& report, const LayerReport& layer) {
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
          {"energy_arrays_joule", layer.array_energy},
          {"energy_total_joule", total_energy_of(report, layer.name)},
          {"certificate", certificate_of(layer)},
          {"calibration", layer.calibration ? to_json(*layer.calibration) : Json(nullptr)}};
}

Json dice_of(const Accuracy& dice) {
  Json json;
  const auto add = [&](std::string_view pass) {
    const auto share = dice.of(pass);
    json[std::string(pass)] = share ? Json(share->value) : Json(nullptr);
  };
  add("float");
  for (const tile::ModelKind& model : tile::model_kinds()) add(model.name);
  add("flow");
  for (const AddedPass& pass : kConverterPasses) {
    if (dice.of(pass.name)) add(pass.name);
  }
  add("periphery");
  return json;
}

/// Of labelled pixels: Dice by fidelity, and the grey threshold's figures.
Json segmentation_of(const RunReport& report) {
  if (!report.segmentation) return nullptr;
  const SegmentationReport& found = *report.segmentation;
  return {{"foreground", found.foreground},
          {"dice", dice_of(found.dice)},
          {"threshold",
           {{"grey", found.threshold},
            {"accuracy", found.threshold_accuracy},
            {"dice", found.threshold_dice}}}};
}

/// A pass' accuracy and what it changes of the one before.
Json pass_of(const Accuracy& accuracy, std::string_view pass) {
  const std::optional<simulate::Share> share = accuracy.of(pass);
  if (!share) return nullptr;
  Json json = share_json(*share);
  const auto change = accuracy.changes.find(pass);
  json["change"] = change == accuracy.changes.end() ? Json(nullptr) : change_json(change->second);
  return json;
}

/// A path's accuracy and what it changes of float.
template <typename Path>
Json path_of(const std::optional<Path>& path) {
  if (!path) return nullptr;
  Json json = share_json(path->accuracy);
  json["change"] = change_json(path->change);
  return json;
}

Json answer_json(const RunReport& report) {
  const std::optional<Answer> answer = answer_of(report);
  if (!answer) return nullptr;
  Json json = share_json(answer->share);
  json["meaning"] = answer->meaning;
  return json;
}

Json accuracy_json(const RunReport& report) {
  const Accuracy& a = report.accuracy;
  Json json{{"answer", answer_json(report)}, {"float", pass_of(a, "float")}};
  for (const tile::ModelKind& model : tile::model_kinds()) {
    json[std::string(model.name)] = pass_of(a, model.name);
  }
  json["spice"] = pass_of(a, "spice");
  json["flow"] = pass_of(a, "flow");
  for (const AddedPass& pass : kConverterPasses) {
    if (a.of(pass.name)) json[std::string(pass.name)] = pass_of(a, pass.name);
  }
  json["bitstream"] = path_of(report.bitstream);
  json["spectral"] = path_of(report.spectral);
  if (report.periphery) json["periphery"] = pass_of(a, "periphery");
  return json;
}

Json calibration_of(const RunReport& report) {
  if (!report.calibration) return nullptr;
  const tile::ModelErrors& held_out = report.calibration->held_out;
  Json json{{"nrmse_held_out", held_out.of("calibrated").nrmse},
            {"max_held_out", held_out.of("calibrated").max},
            {"fits", std::ranges::all_of(report.calibration->layers, fits)},
            {"limit_nrmse", kFitLimit},
            {"tile_spread", to_json(report.calibration->spread)},
            {"vectors_fit", report.calibration->vectors_fit},
            {"vectors_held_out", report.calibration->vectors_held_out}};
  // The models that it is better than, from the best of them down.
  for (const tile::ModelKind& model : std::views::reverse(tile::model_kinds())) {
    if (model.name == "calibrated") continue;
    json[std::string(model.name)] =
        held_out.has(model.name) ? to_json(held_out.of(model.name)) : Json(nullptr);
  }
  return json;
}

Json subject_json(const RunReport& report) {
  return {{"flow", report.flow},
          {"network", report.network},
          {"data", report.data},
          {"calibration_data", report.calibration_data},
          {"card", report.card},
          {"technology", report.technology}};
}

Json size_json(const RunReport& report) {
  return {{"images", report.images},
          {"tiles", report.tiles},
          {"crossbars", crossbar_count(report)},
          {"memristors", report.memristors},
          {"parameters", report.parameters},
          {"line_loss", or_null(report.line_loss)}};
}

Json spice_json(const SpiceReport& spice) {
  return {{"runs", spice.runs},
          {"failed", spice.failed},
          {"seconds", spice.seconds},
          {"version", spice.version},
          {"accuracy", spice.accuracy ? verified_json(*spice.accuracy) : Json(nullptr)},
          {"method", or_null(spice.method)},
          {"method_reason", or_null(spice.method_reason)}};
}

Json hardware_json(const RunReport& report) {
  return {{"energy_total_joule", or_null(total_energy(report))},
          {"energy_arrays_joule", report.array_energy},
          {"power_static_watt", or_null(static_power(report))},
          {"power_gated_average_watt", or_null(average_power(report))},
          {"cost", report.cost ? cost_json(*report.cost) : Json(nullptr)}};
}

Json origin_json(const Provenance& provenance) {
  Json files = Json::array();
  for (const SourceFile& file : provenance.files) {
    files.push_back({{"role", file.role}, {"path", file.path}, {"sha256", file.sha256}});
  }
  return {{"date", provenance.date},
          {"command", provenance.origin.command},
          {"folder", provenance.folder},
          {"overrides", provenance.origin.overrides},
          {"rerun", provenance.origin.rerun},
          {"files", std::move(files)}};
}

Json provenance_json(const RunReport& report) {
  return {{"seed", report.seed},
          {"settings", report.settings},
          {"versions", report.versions},
          {"provenance", origin_json(report.provenance)},
          {"warnings", report.warnings},
          {"notes", report.notes}};
}

}  // namespace

/// Keys of sections stand at their places though the run has none.
Json results_json(const RunReport& report) {
  Json json = subject_json(report);
  json.update({{"accuracy", accuracy_json(report)},
               {"segmentation", segmentation_of(report)},
               {"kernel_first", nullptr},
               {"bitstream", nullptr},
               {"spectral", nullptr}});
  json.update(size_json(report));
  json.update({{"calibration", calibration_of(report)},
               {"monte_carlo", nullptr},
               {"drift", Json::array()},
               {"programming", nullptr},
               {"spice", spice_json(report.spice)},
               {"against_spice", Json::array()},
               {"seconds",
                {{"characterize", report.seconds_characterize},
                 {"simulate", report.seconds_simulate},
                 {"total", report.seconds_total}}}});
  json.update(hardware_json(report));
  json.update(provenance_json(report));
  json["layers"] = Json::array();
  for (const LayerReport& layer : report.layers) json["layers"].push_back(to_json(report, layer));
  add_json(study_sections(report), json);
  add_json(sections_of(report.kernel_first), json);
  add_json(report.sections, json);
  return json;
}

std::string to_json(const RunReport& report) {
  return json_text(results_json(report));
}

}  // namespace memspice::report
