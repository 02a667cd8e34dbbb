#pragma once
// Accuracy over samples of imperfect chips, and over time: what [nonideality] answers.

#include <string>
#include <vector>

#include "report/page_parts.hpp"
#include "report/text_table.hpp"
#include "simulate/sample_statistics.hpp"

namespace memspice::report {

/// The network's accuracy at one time after programming.
struct DriftPoint {
  double time = 0.0;  ///< [s]
  simulate::SampleStatistics accuracy;
};

struct VariabilityReport {
  std::string fidelity;                   ///< of the layers: "calibrated", or "as set"
  std::string sample;                     ///< what a sample is, in a few words
  simulate::Share nominal;                ///< accuracy without any effect
  std::vector<double> accuracies;         ///< one per sample, as programmed
  simulate::SampleStatistics programmed;  ///< of these
  std::vector<DriftPoint> drift;          ///< by rising time; empty: nothing drifts
  double seconds = 0.0;                   ///< wall time
};

/// Statistics as rows: name, value, confidence interval.
struct StatisticRow {
  std::string name, value, interval;
};
std::vector<StatisticRow> rows_of(const simulate::SampleStatistics& accuracy);

/// Terminal tables of samples and drift.
std::string variability_tables(const VariabilityReport& report);
/// A column per percentile behind time, mean and deviation.
Table drift_table(const VariabilityReport& report);

/// Each sample a dot on an axis of accuracy, the nominal accuracy a line.
std::string plot_samples(const VariabilityReport& report);
/// Accuracy against time on a logarithmic axis: the mean, and the range of the percentiles as a
/// band.
std::string plot_drift(const VariabilityReport& report);

}  // namespace memspice::report
