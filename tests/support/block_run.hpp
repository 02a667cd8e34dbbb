#pragma once
// Runs a block's bench in stock ngspice and compares it with its ideal function.

#include "device/analog_figures.hpp"
#include "synthesis/block_bench.hpp"

namespace memspice::test {

/// The shipped generic_45nm card's figures.
const device::AnalogFigures& analog_figures();

/// block.outputs x stimuli [V] by `ngspice -b`; `inputs`: block.inputs x stimuli.
Eigen::MatrixXd run_block(const synthesis::AnalogBlock& block, const Eigen::MatrixXd& inputs);

/// Largest |circuit - ideal| over the stimuli and outputs, as a fraction of full scale.
double largest_error(const synthesis::AnalogBlock& block, const Eigen::MatrixXd& inputs);

/// `count` points evenly spread over the only input's range: 1 x count.
Eigen::MatrixXd sweep(const synthesis::AnalogBlock& block, int count);

/// Points uniform over all inputs' ranges, the same every time: inputs x count.
Eigen::MatrixXd scatter(const synthesis::AnalogBlock& block, int count);

}  // namespace memspice::test
