#pragma once
// The part of the list of metrics that concerns what is right and how far.

#include <vector>

#include "report/metrics.hpp"

namespace memspice::report {

/// Accuracies, Dice, and relative RMS errors of the arrays' currents.
std::vector<Metric> score_metrics();

}  // namespace memspice::report
