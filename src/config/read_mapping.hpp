#pragma once
// [mapping] and [converters].

#include "config/flow_options.hpp"
#include "config/toml_document.hpp"

namespace memspice::config {

void read_mapping(TomlDocument& flow, FlowOptions& options);
void read_converters(TomlDocument& flow, FlowOptions& options);

}  // namespace memspice::config
