#pragma once

#include <Eigen/Core>

#include "device/conductance_window.hpp"

namespace memspice::mapping {

/// Weights W (inputs x outputs) as differential pairs: inputs x 2 outputs [S], quantized to the
/// window's levels. w_max: per output, the weight that takes the whole window, > 0.
Eigen::MatrixXd program_cells(const Eigen::MatrixXd& W,
                              const Eigen::VectorXd& w_max,
                              const device::ConductanceWindow& window);

}  // namespace memspice::mapping
