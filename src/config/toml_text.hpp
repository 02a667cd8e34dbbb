#pragma once

#include <string>

namespace memspice::config {

/// A string as TOML writes it, in double quotes. Precondition: no control characters.
std::string toml_string(const std::string& text);

}  // namespace memspice::config
