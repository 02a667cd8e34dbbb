#pragma once
// The network on samples of imperfect chips, and as their conductances drift.
//
// A sample perturbs every cell ([nonideality]), solves its tiles with line resistance, adds read
// noise, and scores all test images at the flow's fidelity. What belongs to the design stays as the
// perfect cells set it: mapping, scales, the ADCs' ranges, and the calibrated models' coefficients
// (a property of the cells' law, not of one cell).

#include <optional>

#include "flow/stages.hpp"

namespace memspice::flow {

/// The times that samples are looked at [s]: the programmed state, then those of the drift table.
std::vector<double> sample_times(const config::FlowOptions& options);

/// The cells of one sample, counted from 0, at one of these times: `plan` with the conductances and
/// open lines that a run draws for it.
mapping::TilePlan sample_cells(const config::FlowOptions& options,
                               const mapping::TilePlan& plan,
                               std::uint64_t sample,
                               double time);

/// An array's wiring with the tile's open lines cut off.
crossbar::Wiring connected_wiring(const mapping::Tile& tile, crossbar::Wiring wiring);

/// All samples at all times of [nonideality.drift], on every core: by samples where there are
/// several, else by images. The same seed gives the same numbers for any number of jobs.
/// `nominal`: the accuracy of the same pass without effects. Nothing when no effect is on.
std::optional<report::VariabilityReport> run_monte_carlo(const config::FlowOptions& options,
                                                         const Parts& parts,
                                                         const simulate::Outcome& nominal);

}  // namespace memspice::flow
