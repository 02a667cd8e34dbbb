#pragma once
// [nonideality.EFFECT] and [monte_carlo].

#include "config/flow_options.hpp"
#include "config/toml_document.hpp"

namespace memspice::config {

/// One table per effect; what nobody turns on is off. Throws InputError with the place of the key.
/// The layers' fidelities must have been read: effects need crossbars that are not in ngspice.
void read_nonideality(TomlDocument& flow, FlowOptions& options);

/// samples, percentiles, vary. Throws InputError when there is nothing to vary.
void read_monte_carlo(TomlDocument& flow, FlowOptions& options);

}  // namespace memspice::config
