#pragma once

#include <string>
#include <vector>

#include "config/section.hpp"

namespace memspice::config {

/// Names that a user chose, of keys in a table within a section that nobody has read yet: "fc1" of
/// [mapping.layer_rows] fc1, whose key is "layer_rows.fc1".
std::vector<std::string> names_within(Section& section, const std::string& table);

}  // namespace memspice::config
