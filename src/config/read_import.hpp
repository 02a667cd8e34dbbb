#pragma once
// What [network] says of its file: input_shape, input, output, constants.

#include "config/flow_options.hpp"
#include "config/toml_document.hpp"

namespace memspice::config {

/// The shape of one image, [channels, height, width] or [values], for a network file that leaves
/// axes free, with the batch of 1 in front; which input the data feed, what other inputs are, and
/// which output counts. Absent: what the file declares.
void read_import(TomlDocument& flow, network::ImportOptions& options);

}  // namespace memspice::config
