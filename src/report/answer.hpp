#pragma once
// The one accuracy that a run answers with, and whether the tile models behind it fit.

#include <optional>
#include <string>
#include <vector>

#include "report/run_report.hpp"

namespace memspice::report {

/// RMS error of a calibrated tile model, on what no fit has seen, above which nothing that rests on
/// it is to be trusted.
inline constexpr double kFitLimit = 0.05;
/// False where the model is worse on unseen vectors or unseen tiles, or has no finite error.
bool fits(const tile::LayerCalibration& layer);

/// Marks what rests on models that do not fit, and warns of each; adds nothing else.
void mark_misfits(RunReport& report);

struct Answer {
  simulate::Share share;
  std::string meaning;  ///< "mean accuracy of 50 chips", "accuracy, calibrated tiles"
};
/// The network with everything that the flow switches on: over chips their mean, else the last of
/// programming, periphery and the ladder. Nothing where no image was scored.
std::optional<Answer> answer_of(const RunReport& report);

}  // namespace memspice::report
