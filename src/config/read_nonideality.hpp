#pragma once
// [nonideality.EFFECT] and [monte_carlo].

#include "config/flow_options.hpp"
#include "config/toml_document.hpp"

namespace memspice::config {

/// [nonideality.EFFECT] of a card, with the keys of a flow and a source each, but no times of
/// drift. What it leaves out is off. Throws InputError with the place of the key.
device::NonidealityOptions read_effects_of_card(TomlDocument& card);

/// One table per effect; what neither the flow nor the card of [device] turns on is off. A card's
/// figures hold where the flow gives none of its own, its drift where the flow gives times. Throws
/// InputError with the place of the key.
/// The layers' fidelities must have been read: effects need crossbars that are not in ngspice.
void read_nonideality(TomlDocument& flow, FlowOptions& options);

/// samples, percentiles, vary. Throws InputError when there is nothing to vary.
void read_monte_carlo(TomlDocument& flow, FlowOptions& options);

}  // namespace memspice::config
