#pragma once
// An analog block on the bench: supplies, a source per input, a load per output.
//
//             vdd   vss
//   V_0 --in_0-+-----+-out_0--+--/\/\-- gnd
//   V_1 --in_1-|block|-out_1--+--/\/\-- gnd     load: a following stage's input resistor
//              +-----+

#include <Eigen/Core>

#include "circuit/analysis.hpp"
#include "device/analog_figures.hpp"
#include "synthesis/analog_block.hpp"

namespace memspice::synthesis {

struct BlockBench {
  circuit::Circuit circuit;
  /// Probes: out_0 .. [V], then the currents into the + pins of the sources vdd and vss [A]: the
  /// supplies deliver -(V_dd I_vdd + V_ss I_vss).
  circuit::Analysis analysis;
};

/// Tolerances for circuits with op-amps, diodes and transistors: 1e-6 of a value, 1 nV, 1 pA. A
/// gain of 1e4 in a loop leaves less than that of the tolerances at the output.
circuit::Accuracy analog_accuracy();

/// DC at each column of `inputs`: block.inputs x stimuli [V] (or [A], block.takes_currents).
BlockBench build_static_bench(const AnalogBlock& block,
                              const device::AnalogFigures& figures,
                              const Eigen::MatrixXd& inputs);

struct StepOptions {
  double delay = 1e-9;      ///< the inputs rest at `from` until then [s]
  double rise = 1e-11;      ///< [s]
  double duration = 50e-9;  ///< after the delay [s]
  double max_step = 2e-11;  ///< [s]
};
/// Inputs step from `from` to `to`: one value per input [V] (or [A]).
BlockBench build_step_bench(const AnalogBlock& block,
                            const device::AnalogFigures& figures,
                            const Eigen::VectorXd& from,
                            const Eigen::VectorXd& to,
                            const StepOptions& options = {});

}  // namespace memspice::synthesis
