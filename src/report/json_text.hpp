#pragma once
// JSON as a file or a terminal gets it.

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace memspice::report {

/// Indented, with a newline at its end. What is no UTF-8 (a file name need not be) is replaced.
std::string json_text(const nlohmann::ordered_json& json);

}  // namespace memspice::report
