#pragma once

#include <string>
#include <utility>
#include <vector>

namespace memspice::cli {

/// Part and version of what this program was built from and runs with, in the order to show.
std::vector<std::pair<std::string, std::string>> build_versions();

}  // namespace memspice::cli
