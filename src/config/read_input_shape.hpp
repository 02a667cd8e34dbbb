#pragma once
// [network] input_shape.

#include "config/flow_options.hpp"
#include "config/toml_document.hpp"

namespace memspice::config {

/// The shape of one image, [channels, height, width] or [values], for a network file that leaves
/// axes free; with the batch of 1 in front. Absent: what the file declares.
void read_input_shape(TomlDocument& flow, FlowOptions& options);

}  // namespace memspice::config
