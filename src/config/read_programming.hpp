#pragma once
// [programming]

#include "config/flow_options.hpp"
#include "config/toml_document.hpp"

namespace memspice::config {

/// Nothing is programmed without the table. [device], [fidelity] and [nonideality] must have been
/// read: the card must reach the network's window. Throws InputError with the place of the key.
void read_programming(TomlDocument& flow, FlowOptions& options);

/// Whether ngspice can write the corner that [programming] asks for in the way that [spice] says;
/// throws InputError.
void require_affordable_corner(const TomlDocument& flow, const FlowOptions& options);

}  // namespace memspice::config
