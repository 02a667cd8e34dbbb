#pragma once

#include <string>

#include "config/flow_options.hpp"
#include "config/toml_document.hpp"
#include "config/trust.hpp"

namespace memspice::config {

/// Reads a whole flow, overrides and the keys of `variant` (empty: none) laid over it already.
/// Throws InputError as load_flow does; `trust`: config/trust.hpp.
FlowOptions read_flow(TomlDocument& flow, const std::string& variant, Trust trust);

/// The same without the end, where keys that nobody read and required ones that lack are refused.
FlowOptions read_tables(TomlDocument& flow, const std::string& variant, Trust trust);

}  // namespace memspice::config
