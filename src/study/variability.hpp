#pragma once
// The network on samples of imperfect chips, and as their conductances drift.
//
// A sample perturbs every cell ([nonideality]), solves its tiles with line resistance, adds read
// noise, and scores all test images at the flow's fidelity. What belongs to the design stays as the
// perfect cells set it: mapping, scales, the ADCs' ranges, and the calibrated models' coefficients
// (a property of the cells' law, not of one cell).

#include "study/study.hpp"
#include "study/variability_options.hpp"

namespace memspice::study {

/// The times that samples are looked at [s]: the programmed state, then those of the drift table.
std::vector<double> sample_times(const device::Drift& drift);

struct Sample {
  std::uint64_t seed = 1;    ///< the run's
  std::uint64_t number = 0;  ///< from 0
  double time = 0.0;         ///< since programming, one of sample_times [s]
};
/// The cells of one sample: `plan` with the conductances and open lines that a run draws for it.
mapping::TilePlan sample_cells(const VariabilityOptions& options,
                               const mapping::TilePlan& plan,
                               const Sample& sample);

/// All samples at all times of [nonideality.drift], on every core: by samples where there are
/// several, else by images. The same seed gives the same numbers for any number of jobs. Nothing
/// when no effect is on.
std::unique_ptr<const Study> make_variability_study(VariabilityOptions options);

}  // namespace memspice::study
