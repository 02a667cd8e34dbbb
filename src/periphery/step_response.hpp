#pragma once
// The dynamic side of a characterization.

#include "device/analog_figures.hpp"
#include "engine/engine.hpp"
#include "periphery/periphery_model.hpp"

namespace memspice::periphery {

/// Two opposite corners of the input range; logic inputs beside others are high in both.
struct StepEnds {
  Eigen::VectorXd from, to;
};
/// Of all inputs together, every other one against the rest, and the first against all others: the
/// pair between which the ideal outputs move furthest.
StepEnds find_step(const synthesis::AnalogBlock& block);

struct StepResponse {
  bool has_settled = false;  ///< all outputs rested over the last fifth of the run
  double time = 0.0;         ///< from the step until all outputs stay within tolerance [s]
  double energy = 0.0;       ///< from the supplies during that time [J]
};

/// `waves`: probes as synthesis::build_step_bench orders them. Settled: within `tolerance` [V] of
/// the last value. `step_at` [s].
StepResponse read_step(const engine::Waveforms& waves,
                       int outputs,
                       const device::AnalogFigures& figures,
                       double step_at,
                       double tolerance);

}  // namespace memspice::periphery
