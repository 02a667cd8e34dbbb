#pragma once

#include <filesystem>
#include <string>

#include "config/flow_options.hpp"
#include "config/toml_document.hpp"

namespace memspice::config {

/// [data]: the images that are scored, and those that ranges and stimuli come from.
void read_data(TomlDocument& flow, FlowOptions& options);

/// Relative paths start at the flow file's folder; one given by --set may also start at the
/// current folder, where the person typed it.
std::filesystem::path resolve(const TomlDocument& flow,
                              const Entry* entry,
                              const std::string& written);

}  // namespace memspice::config
