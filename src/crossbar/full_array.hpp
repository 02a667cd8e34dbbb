#pragma once
// The yardstick of array writing: all node voltages and all states, coupled in time.
//
//   Kirchhoff's law at every node (wires, drivers, senses, non-linear cells)     -> v_ij(x)
//   dx_ij/dt = f(v_ij, x_ij) of every cell, dE/dt = dissipated power
//
// Every evaluation of the rates solves the nodes anew to rounding; the states advance by the
// method of Dormand and Prince of order 5 with error control (Boost.Odeint). For small arrays.

#include <memory>

#include "crossbar/pulsed_array.hpp"

namespace memspice::crossbar {

/// x: initial states, n_word_lines x n_bit_lines. `spec.cell` must outlive the array.
std::unique_ptr<PulsedArray> make_full_array(const PulsedArraySpec& spec, const Eigen::MatrixXd& x);

}  // namespace memspice::crossbar
