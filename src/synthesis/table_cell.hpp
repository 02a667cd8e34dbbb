#pragma once
// The subcircuit of a measured table (device/current_table.hpp): one source for each cell.
//
//   .subckt table p n G=...      I(p -> n) = sum over states of w_s(G) I_s(v(p,n))
//
// w_s is 1 at its own state and falls to 0 at its neighbours; beyond the outermost states it grows
// or falls with G. As all states have the same voltages, the sum is again a cubic between two of
// them, whose coefficients are numbers of the cell: both engines compute the same polynomials.

#include "circuit/instance.hpp"
#include "device/current_table.hpp"

namespace memspice::synthesis {

/// Its one parameter is G [S], its ports are p and n.
circuit::Definition table_cell(const device::TableCurrents& currents);

}  // namespace memspice::synthesis
