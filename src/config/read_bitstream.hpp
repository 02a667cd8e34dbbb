#pragma once
// [bitstream], [bitstream.layer_bits] and [bitstream.faults]; cards under device_models/gates/.

#include "config/flow_options.hpp"
#include "config/toml_document.hpp"
#include "stochastic/cost.hpp"

namespace memspice::config {

void read_bitstream(TomlDocument& flow, FlowOptions& options);

/// Reads device_models/gates/<name>.toml, or a path.
stochastic::GateCard load_gate_card(const std::string& name);

}  // namespace memspice::config
