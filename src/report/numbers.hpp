#pragma once
// Numbers as people read them.

#include <optional>
#include <string>
#include <vector>

#include "report/run_report.hpp"

namespace memspice::report {

/// Fixed decimals: fixed(91.824, 2) = "91.82".
std::string fixed(double value, int decimals);
/// 0.9182 as "91.82 %".
std::string percent(double share);
/// Difference of two shares in points, with its sign: "-0.22".
std::string points(double share);
/// An error with two significant digits: 0.00123 as "0.12 %".
std::string error_percent(double error);
/// Its name, kind, "26 x 6" word lines and outputs, tiles, memristors and vectors per image; "-"
/// where a layer has no crossbars.
std::vector<std::string> layer_cells(const LayerReport& layer);
/// What it ran as: its fidelity, or the path where that is no crossbar.
std::string runs_as(const LayerReport& layer);
/// "61,706": thousands separated.
std::string with_thousands(long long value);

/// "40 runs, 0 failed, 18 s, ngspice-39, tiles pinned".
std::string spice_text(const SpiceReport& spice);

/// Standard error of a share measured on `count` independent images [1]: sqrt(p (1 - p) / n) after
/// two right and two wrong images are added, so that 20 of 20 is no certainty (Agresti, Coull
/// 1998).
double standard_error(double share, int count);

/// One rung of the ladder from the trained network to the arrays.
struct AccuracyStep {
  std::string name;                                   ///< "mesh"
  simulate::Share share;                              ///< of right labels, 0 .. 1
  std::string meaning;                                ///< what was computed, in a few words
  std::optional<simulate::PairedChange> change = {};  ///< from the rung before, on the same images
};
/// What was run, in the order of the effects it adds.
std::vector<AccuracyStep> accuracy_steps(const Accuracy& accuracy);

/// The calibrations of a run that differ: of layers that share a model, the first.
std::vector<const tile::LayerCalibration*> distinct_calibrations(
    const tile::CalibrationResult& result);
/// The layer, or what the layers that share its model have in common.
std::string calibration_name(const tile::LayerCalibration& calibration);
/// A row per rung: name, share and interval, change and interval, meaning; with labelled pixels
/// Dice and its change in the place of the change's interval, and the grey threshold's row last.
std::vector<std::vector<std::string>> accuracy_cells(const RunReport& report);

/// What a layer's models are judged by: the larger error of unseen vectors and unseen tiles, for
/// each model; empty when nothing was held out.
std::optional<tile::ModelErrors> worst_held_out(const tile::LayerCalibration& layer);

}  // namespace memspice::report
