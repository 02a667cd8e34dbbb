#pragma once
// Tables that flow files and commands without one have in common.

#include "config/toml_document.hpp"
#include "config/trust.hpp"
#include "crossbar/crossbar.hpp"
#include "engine/engine.hpp"

namespace memspice::config {

/// [array] wire, wire_row, wire_column, driver, sense.
void read_wiring(TomlDocument& document, crossbar::Wiring& wiring);

/// [device] alpha [1/V].
void read_alpha(TomlDocument& document, double& alpha);

/// [spice] library, workers, time_limit, recycle_after. The environment's MEMSPICE_NGSPICE stands
/// in for a library that --set does not give.
void read_spice(TomlDocument& document, engine::Options& options, Trust trust);

}  // namespace memspice::config
