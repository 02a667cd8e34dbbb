#pragma once
// A published runaway passes 1e26/s, where no time step of SPICE resolves it: TEAM and VTEAM take a
// parameter `fastest`, the largest dx/dt [1/s], in SPICE alone.

#include "circuit/circuit.hpp"

namespace memspice::synthesis {

/// Limits an instance of `definition`, if it takes `fastest`, in a transient of `stop` [s]: a whole
/// switch takes at least 1e-8 of it, below any resolution, and ngspice's smallest step is a
/// millionth of that.
void limit_rate(circuit::Instance& instance, const circuit::Definition& definition, double stop);

}  // namespace memspice::synthesis
