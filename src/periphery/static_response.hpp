#pragma once
// The static side of a characterization: which inputs to apply and what the answers say.

#include "device/analog_figures.hpp"
#include "periphery/periphery_model.hpp"

namespace memspice::periphery {

/// One input, one output: its answers are a curve.
bool is_curve(const synthesis::AnalogBlock& block);

/// Columns of inputs: the middle of the range; all inputs at twice their range below and above;
/// then `points` stimuli. One input: points evenly spread and, between each two, one more that the
/// curve is judged by. More: random ones, logic inputs at either level.
Eigen::MatrixXd static_inputs(const synthesis::AnalogBlock& block,
                              const device::AnalogFigures& figures,
                              int points,
                              std::uint64_t seed);

/// Fills in error, offset, saturation, static power and the curve. `answers`: stimuli x probes as
/// synthesis::build_static_bench orders them.
void read_static(const synthesis::AnalogBlock& block,
                 const device::AnalogFigures& figures,
                 const Eigen::MatrixXd& inputs,
                 const Eigen::MatrixXd& answers,
                 PeripheryModel& model);

}  // namespace memspice::periphery
