#pragma once

#include <Eigen/Core>

#include "device/conductance_window.hpp"
#include "mapping/options.hpp"

namespace memspice::mapping {

/// Weights W (inputs x outputs) in the plan's form [S], quantized to the window's levels: inputs x
/// 2 outputs of pairs, inputs x (outputs + 1) with a unit column. w_max: per output, the weight
/// that takes the whole span (mapping/cell_span.hpp), > 0.
Eigen::MatrixXd program_cells(const Eigen::MatrixXd& W,
                              const Eigen::VectorXd& w_max,
                              const device::ConductanceWindow& window,
                              Signs signs = Signs::Pair);

}  // namespace memspice::mapping
