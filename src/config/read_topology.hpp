#pragma once
// What stands at a crossing and how lines reach it: keys of [array], and cards of access devices.

#include <string>

#include "config/flow_options.hpp"
#include "config/toml_document.hpp"

namespace memspice::config {

/// A card of device_models/access/, or a path. Throws InputError with its place.
device::Access load_access_card(const std::string& name);

/// [array] topology, access, gate_voltage, pairs, source_line, input. [converters] must have been
/// read: pulses carry the DAC's bits. Throws InputError with the place of the key.
void read_topology(TomlDocument& flow, FlowOptions& options);

}  // namespace memspice::config
