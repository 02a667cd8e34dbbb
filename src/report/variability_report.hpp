#pragma once
// Accuracy over samples of imperfect chips, and over time: what [nonideality] answers.

#include <optional>
#include <string>
#include <vector>

#include "simulate/sample_statistics.hpp"

namespace memspice::report {

/// The network's accuracy at one time after programming.
struct DriftPoint {
  double time = 0.0;  ///< [s]
  simulate::SampleStatistics accuracy;
};

/// How the samples find a class of pixels.
struct SampledDice {
  double nominal = 0.0;                   ///< without any effect
  std::vector<double> samples;            ///< one each, as programmed
  simulate::SampleStatistics programmed;  ///< of these; intervals hold for these images
};

struct VariabilityReport {
  std::string fidelity;                   ///< of the layers: "calibrated", or "as set"
  std::string sample;                     ///< what a sample is, in a few words
  simulate::Share nominal;                ///< accuracy without any effect
  std::vector<double> accuracies;         ///< one per sample, as programmed
  simulate::SampleStatistics programmed;  ///< of these
  std::optional<SampledDice> dice = {};   ///< where pixels are labelled
  std::vector<DriftPoint> drift = {};     ///< by rising time; empty: nothing drifts
  std::string compensation = {};          ///< what the digital side does about it
  double seconds = 0.0;                   ///< wall time
};

}  // namespace memspice::report
