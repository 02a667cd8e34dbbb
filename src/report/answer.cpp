#include "report/answer.hpp"

#include <algorithm>
#include <ranges>

#include "base/text.hpp"
#include "report/numbers.hpp"

namespace memspice::report {
namespace {

/// "conv1 (22 %)" of each model that does not fit.
std::vector<std::string> misfits_of(const RunReport& report) {
  std::vector<std::string> misfits;
  for (const tile::LayerCalibration* layer : distinct_calibrations(*report.calibration)) {
    if (fits(*layer)) continue;
    misfits.push_back(calibration_name(*layer) + " (" +
                      error_percent(worst_held_out(*layer)->of("calibrated").nrmse) + ")");
  }
  return misfits;
}

/// Whether a layer that the last pass computes on fitted tiles does not fit.
bool last_pass_misfits(const RunReport& report) {
  return std::ranges::any_of(report.layers, [](const LayerReport& layer) {
    const tile::ModelKind* model = tile::find_model(layer.fidelity);
    return model != nullptr && model->needs_calibration && layer.calibration &&
           !fits(*layer.calibration);
  });
}

void distrust(Accuracy& accuracy, std::string_view pass) {
  const auto share = accuracy.shares.find(pass);
  if (share != accuracy.shares.end()) share->second.trusted = false;
}

Answer answer_of_chips(const VariabilityReport& found) {
  const simulate::SampleStatistics& chips = found.programmed;
  simulate::Share share(chips.mean, found.nominal.images, chips.mean_interval);
  share.trusted = found.nominal.trusted;
  if (chips.samples == 1) return {share, "accuracy of one sample"};
  return {share, "mean accuracy of " + with_thousands(chips.samples) + " samples"};
}

}  // namespace

bool fits(const tile::LayerCalibration& layer) {
  const auto within = [](const tile::ModelErrors& errors) {
    return errors.vectors == 0 || errors.of("calibrated").nrmse <= kFitLimit;
  };
  return within(layer.held_out_vectors) && within(layer.held_out_tiles);
}

void mark_misfits(RunReport& report) {
  if (!report.calibration) return;
  const std::vector<std::string> misfits = misfits_of(report);
  if (misfits.empty()) return;
  for (const tile::ModelKind& model : tile::model_kinds()) {
    if (model.needs_calibration) distrust(report.accuracy, model.name);
  }
  if (last_pass_misfits(report)) {
    distrust(report.accuracy, "flow");
    distrust(report.accuracy, "periphery");
    for (const AddedPass& pass : kConverterPasses) distrust(report.accuracy, pass.name);
    if (report.variability) report.variability->nominal.trusted = false;
    if (report.programming) {
      report.programming->perfect.trusted = report.programming->programmed.trusted = false;
    }
  }
  report.warnings.push_back(
      "calibrated tile models miss ngspice by more than " + error_percent(kFitLimit) +
      " where they were not fitted: " + join(misfits, ", ") +
      "; accuracies on them are not to be trusted (read at a lower voltage, take cells of less "
      "curvature, or run these layers at fidelity spice)");
}

std::optional<Answer> answer_of(const RunReport& report) {
  if (report.variability) return answer_of_chips(*report.variability);
  if (report.programming) {
    return Answer{report.programming->programmed, "accuracy, cells as programmed"};
  }
  const Accuracy& a = report.accuracy;
  std::vector<std::pair<std::string_view, std::string>> rungs{{"periphery", "measured periphery"}};
  for (const AddedPass& pass : std::views::reverse(kConverterPasses)) {
    rungs.emplace_back(pass.name, "converters as drawn");
  }
  rungs.emplace_back("flow", "each layer as set");
  rungs.emplace_back("spice", "ngspice");
  for (const tile::ModelKind& model : std::views::reverse(tile::model_kinds())) {
    rungs.emplace_back(model.name, model.tiles);
  }
  for (const auto& [pass, meaning] : rungs) {
    if (const auto share = a.of(pass)) return Answer{*share, "accuracy, " + meaning};
  }
  if (report.bitstream) return Answer{report.bitstream->accuracy, "accuracy, bitstream layers"};
  if (report.spectral) return Answer{report.spectral->accuracy, "accuracy, layers in the spectrum"};
  if (const auto share = a.of("float")) return Answer{*share, "accuracy, float"};
  return std::nullopt;
}

}  // namespace memspice::report
