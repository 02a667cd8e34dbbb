#pragma once
// The layers of a machine that stand beside its crossbars.

#include "flow/machine.hpp"

namespace memspice::flow {

/// Adds the layers that [path] computes in bitstreams or in the spectrum, whatever the cells of the
/// others.
void add_digital_layers(const config::FlowOptions& options,
                        const Parts& parts,
                        simulate::Machine& machine);

}  // namespace memspice::flow
