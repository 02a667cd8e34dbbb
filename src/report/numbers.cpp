#include "report/numbers.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>

#include "base/progress.hpp"
#include "base/text.hpp"
#include "report/share_text.hpp"

namespace memspice::report {

std::string fixed(double value, int decimals) {
  if (!std::isfinite(value)) return to_text(value);
  std::array<char, 400> buffer{};  // a double has at most 309 digits before the point
  const auto result = std::to_chars(buffer.data(),
                                    buffer.data() + buffer.size(),
                                    value == 0.0 ? 0.0 : value,  // no "-0"
                                    std::chars_format::fixed,
                                    decimals);
  return {buffer.data(), result.ptr};
}

std::string percent(double share) {
  return fixed(100.0 * share, 2) + " %";
}

std::string points(double share) {
  const std::string text = fixed(100.0 * share, 2);
  if (text.find_first_not_of("-0.") == std::string::npos) return fixed(0.0, 2);
  return share > 0.0 ? '+' + text : text;
}

std::string error_percent(double error) {
  return to_text_rounded(100.0 * error, 2) + " %";
}

std::vector<std::string> layer_cells(const LayerReport& layer) {
  return {
      layer.name,
      layer.kind,
      layer.tiles > 0 ? std::to_string(layer.inputs) + " x " + std::to_string(layer.outputs) : "-",
      with_thousands(layer.tiles),
      with_thousands(layer.memristors),
      layer.tiles > 0 ? with_thousands(layer.vectors_per_image) : "-"};
}

std::string runs_as(const LayerReport& layer) {
  return layer.path == "crossbar" ? layer.fidelity : layer.path;
}

std::string with_thousands(long long value) {
  std::string digits = std::to_string(value);
  const int first = value < 0 ? 1 : 0;
  for (int at = static_cast<int>(digits.size()) - 3; at > first; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), ",");
  }
  return digits;
}

std::string spice_text(const SpiceReport& spice) {
  std::string text = with_thousands(spice.runs) + " runs, " + with_thousands(spice.failed) +
                     " failed, " + format_duration(spice.seconds) + ", " + spice.version;
  if (!spice.method.empty()) text += ", tiles " + spice.method;
  if (!spice.method_reason.empty()) text += " (" + spice.method_reason + ")";
  return text;
}

double standard_error(double share, int count) {
  if (count <= 0) return 0.0;
  const double adjusted = (share * count + 2.0) / (count + 4.0);
  return std::sqrt(adjusted * (1.0 - adjusted) / (count + 4.0));
}

std::vector<AccuracyStep> accuracy_steps(const Accuracy& accuracy) {
  std::vector<AccuracyStep> steps;
  const auto add = [&](std::string_view name, std::string_view pass, std::string_view meaning) {
    const std::optional<simulate::Share> share = accuracy.of(pass);
    if (!share) return;
    steps.push_back({.name = std::string(name), .share = *share, .meaning = std::string(meaning)});
    const auto change = accuracy.changes.find(pass);
    if (change != accuracy.changes.end()) steps.back().change = change->second;
  };
  add("float", "float", "trained network, 32-bit reference");
  for (const tile::ModelKind& model : tile::model_kinds()) {
    add(model.name, model.name, model.meaning);
  }
  add("spice", "spice", "ngspice itself");
  add("as set", "flow", "each layer as the flow sets it");
  for (const AddedPass& pass : kConverterPasses) add(pass.title, pass.name, pass.meaning);
  add("periphery", "periphery", "with its circuits' measured curves");
  return steps;
}

std::vector<const tile::LayerCalibration*> distinct_calibrations(
    const tile::CalibrationResult& result) {
  std::vector<const tile::LayerCalibration*> distinct;
  std::set<std::string> groups;
  for (const tile::LayerCalibration& layer : result.layers) {
    if (layer.group.empty() || groups.insert(layer.group).second) distinct.push_back(&layer);
  }
  return distinct;
}

std::string calibration_name(const tile::LayerCalibration& calibration) {
  return calibration.group.empty() ? calibration.layer : calibration.group;
}

namespace {

std::vector<std::string> threshold_cells(const SegmentationReport& found) {
  return {"threshold",
          percent(found.threshold_accuracy),
          "",
          "",
          percent(found.threshold_dice),
          "",
          "no network: a grey level"};
}

}  // namespace

std::vector<std::vector<std::string>> accuracy_cells(const RunReport& report) {
  const auto steps = accuracy_steps(report.accuracy);
  const auto dice =
      report.segmentation ? accuracy_steps(report.segmentation->dice) : std::vector<AccuracyStep>{};
  const auto change = [](const std::vector<AccuracyStep>& of, std::size_t k) {
    return k > 0 ? points(of[k].share - of[k - 1].share) : std::string();
  };
  std::vector<std::vector<std::string>> rows;
  for (std::size_t k = 0; k < steps.size(); ++k) {
    const AccuracyStep& step = steps[k];
    rows.push_back(
        {step.name, percent(step.share), interval_text(step.share.interval), change(steps, k)});
    auto& row = rows.back();
    if (!report.segmentation) row.push_back(change_interval(step.change));
    if (report.segmentation && k < dice.size()) {
      row.push_back(percent(dice[k].share));
      row.push_back(change(dice, k));
    }
    row.push_back(step.share.trusted ? step.meaning : "not to be trusted: tile errors");
  }
  if (report.segmentation && !rows.empty()) rows.push_back(threshold_cells(*report.segmentation));
  return rows;
}

std::optional<tile::ModelErrors> worst_held_out(const tile::LayerCalibration& layer) {
  const tile::ModelErrors& vectors = layer.held_out_vectors;
  const tile::ModelErrors& tiles = layer.held_out_tiles;
  if (vectors.vectors + tiles.vectors == 0) return std::nullopt;
  if (vectors.vectors == 0) return tiles;
  if (tiles.vectors == 0) return vectors;
  tile::ModelErrors worst{.models = vectors.models, .vectors = vectors.vectors + tiles.vectors};
  for (auto& [model, error] : worst.models) {
    const tile::ModelError other = tiles.of(model);
    error = {std::max(error.nrmse, other.nrmse), std::max(error.max, other.max)};
  }
  return worst;
}

}  // namespace memspice::report
