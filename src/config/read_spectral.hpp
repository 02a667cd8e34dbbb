#pragma once
// [spectral]; cards under device_models/digital/.

#include "config/flow_options.hpp"
#include "config/toml_document.hpp"
#include "spectral/digital_cost.hpp"

namespace memspice::config {

void read_spectral(TomlDocument& flow, FlowOptions& options);

/// Reads device_models/digital/<name>.toml, or a path.
spectral::DigitalCard load_digital_card(const std::string& name);

}  // namespace memspice::config
