#pragma once
// An array under write pulses in SPICE: the device's own subcircuit at every crossing.
//
//   w_i --[ driver ]--[ row wire ]-- cell (i,0) --[ row wire ]-- cell (i,1) ...
//   b_j --[ sense  ]--[ column wire ]-- from the last word line upwards
//
// The counterpart of crossbar/full_array.hpp: each pulse is one transient of the whole array, which
// starts at the states that the last one left. Sources ramp over 1/2000 of the pulse at either end,
// so that the area is the rectangle's.

#include <memory>

#include "circuit/analysis.hpp"
#include "circuit/circuit.hpp"
#include "crossbar/pulsed_array.hpp"
#include "engine/engine.hpp"
#include "synthesis/dynamic_cell.hpp"

namespace memspice::synthesis {

/// One pulse on an array in given states, ready to run.
struct ProgramBench {
  circuit::Circuit circuit;
  /// A transient over the pulse. Probes: the state of cell i * n_bit_lines + j [V for 1], then the
  /// current of each word line's source, then of each bit line's [A].
  circuit::Analysis analysis;
};

/// x: states, n_word_lines x n_bit_lines. Lines are driven at the left and held at the bottom.
/// Throws InputError for another side, an open line or a subcircuit without a state.
ProgramBench build_program_bench(const DynamicCell& cell,
                                 const crossbar::PulsedArraySpec& spec,
                                 const Eigen::MatrixXd& x,
                                 const crossbar::CellPulse& pulse);

/// An array whose pulses run in `engine`; both must outlive it. `spec.cell` is not read.
std::unique_ptr<crossbar::PulsedArray> make_spice_array(const DynamicCell& cell,
                                                        const crossbar::PulsedArraySpec& spec,
                                                        const Eigen::MatrixXd& x,
                                                        engine::Engine& engine);

}  // namespace memspice::synthesis
