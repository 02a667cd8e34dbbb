#pragma once

#include <filesystem>

namespace memspice {

/// Whether `path` lies below `folder` once every link on the way is followed, one that leads to
/// nothing yet as well: whoever writes through it makes what it names.
bool is_below(const std::filesystem::path& path, const std::filesystem::path& folder);

}  // namespace memspice
