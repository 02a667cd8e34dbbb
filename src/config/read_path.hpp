#pragma once
// [path]: what computes each layer.

#include "config/flow_options.hpp"
#include "config/toml_document.hpp"

namespace memspice::config {

/// Layer names are checked against the network later, where it is known.
void read_path(TomlDocument& flow, FlowOptions& options);

}  // namespace memspice::config
