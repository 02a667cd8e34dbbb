#pragma once

#include "config/flow_options.hpp"
#include "config/toml_document.hpp"

namespace memspice::config {

/// [output]: what is written beside the report. Layer names are checked where the network is known.
void read_output(TomlDocument& flow, FlowOptions& options);

}  // namespace memspice::config
