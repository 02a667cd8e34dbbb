#pragma once

#include <vector>

#include "device/device_fit.hpp"

namespace memspice::device {

/// Adds g_min, g_max (medians of the lowest and highest state, on ln G by Student's t) and levels,
/// or why they are not told: of one state none are. `G` [S] and `state` per reading.
void add_window(const Eigen::VectorXd& G,
                const std::vector<int>& state,
                int n_states,
                DeviceFit& fit);

/// Adds them of targets: what cells were meant to have [S], two different ones at least.
void add_target_window(const std::vector<double>& targets, DeviceFit& fit);

}  // namespace memspice::device
