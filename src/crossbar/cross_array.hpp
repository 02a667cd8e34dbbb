#pragma once
// Array writing at the speed of whole tiles: the selected lines are solved, the rest is a
// background.
//
//   selected lines   all their wires and non-linear cells by Newton's method, pulse by pulse; the
//                    selected cell then moves behind the Thevenin equivalent of its two lines
//   half-selected    each ends on an unselected line, which gives way by the resistance that the
//                    line shows there, loaded by its other cells
//   unselected       v/2 and 1t1r: at rest. v/3: they see the node voltages of the whole array
//                    without a selected cell, solved for amplitudes 0.1 V apart and refreshed as
//                    the array changes; their motion is added up and applied then
//
// Left out: what the selected lines do to cells off them, beyond that resistance; the change of the
// half-selected cells' currents within one pulse, beyond its mean. The difference to
// crossbar/full_array.hpp is measured in tests/crossbar/program_array_test.cpp.

#include <memory>

#include "crossbar/pulsed_array.hpp"

namespace memspice::crossbar {

/// x: initial states, n_word_lines x n_bit_lines. `spec.cell` must outlive the array. Throws
/// InputError for an open line.
std::unique_ptr<PulsedArray> make_cross_array(const PulsedArraySpec& spec,
                                              const Eigen::MatrixXd& x);

}  // namespace memspice::crossbar
