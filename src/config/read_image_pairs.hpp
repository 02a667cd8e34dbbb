#pragma once

#include "config/flow_options.hpp"
#include "config/toml_document.hpp"

namespace memspice::config {

/// [data] of kind "image_pairs": images, labels, slices, calibration_slices, foreground, limit and
/// calibration_limit. The folder is known already. Throws InputError with the place of a key.
void read_image_pairs(TomlDocument& flow, DataOptions& data);

}  // namespace memspice::config
