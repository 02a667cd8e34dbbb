#pragma once
// [prune]: which channels `memspice prune` removes.

#include "config/flow_options.hpp"
#include "config/toml_document.hpp"

namespace memspice::config {

void read_prune(TomlDocument& flow, FlowOptions& options);

}  // namespace memspice::config
