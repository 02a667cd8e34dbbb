#include "report/answer.hpp"

#include <algorithm>
#include <map>

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
                      error_percent(worst_held_out(*layer)->calibrated.nrmse) + ")");
  }
  return misfits;
}

/// Whether a layer that the last pass computes on calibrated tiles does not fit.
bool last_pass_misfits(const RunReport& report) {
  return std::ranges::any_of(report.layers, [](const LayerReport& layer) {
    return layer.fidelity == "calibrated" && layer.calibration && !fits(*layer.calibration);
  });
}

void distrust(std::optional<simulate::Share>& share) {
  if (share) share->trusted = false;
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
  const auto within = [](const tile::ErrorTriple& errors) {
    return errors.vectors == 0 || errors.calibrated.nrmse <= kFitLimit;
  };
  return within(layer.held_out_vectors) && within(layer.held_out_tiles);
}

void mark_misfits(RunReport& report) {
  if (!report.calibration) return;
  const std::vector<std::string> misfits = misfits_of(report);
  if (misfits.empty()) return;
  distrust(report.accuracy.calibrated);
  if (last_pass_misfits(report)) {
    distrust(report.accuracy.flow);
    distrust(report.accuracy.periphery);
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
  const std::vector<std::pair<std::optional<simulate::Share>, const char*>> rungs{
      {a.periphery, "accuracy, measured periphery"},
      {a.flow, "accuracy, each layer as set"},
      {a.spice, "accuracy, ngspice"},
      {a.calibrated, "accuracy, calibrated tiles"},
      {a.mesh, "accuracy, line resistance exact"},
      {a.ideal, "accuracy, ideal tiles"}};
  for (const auto& [share, meaning] : rungs) {
    if (share) return Answer{*share, meaning};
  }
  if (report.bitstream) return Answer{report.bitstream->accuracy, "accuracy, bitstream layers"};
  if (report.spectral) return Answer{report.spectral->accuracy, "accuracy, layers in the spectrum"};
  if (a.float32) return Answer{*a.float32, "accuracy, float"};
  return std::nullopt;
}

}  // namespace memspice::report
