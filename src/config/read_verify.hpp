#pragma once

#include "config/flow_options.hpp"
#include "config/toml_document.hpp"

namespace memspice::config {

/// [verify]: images that are run wholly in ngspice.
void read_verify(TomlDocument& flow, FlowOptions& options);

}  // namespace memspice::config
