#include "base/is_below.hpp"

#include <system_error>

namespace memspice {
namespace {

namespace fs = std::filesystem;

/// Where a file of this name would come to lie: every link followed, one that leads to nothing yet
/// as well, for whoever writes through it makes what it names. Empty where links never end.
fs::path followed(const fs::path& path) {
  std::error_code ec;
  fs::path place = fs::weakly_canonical(fs::absolute(path), ec);
  constexpr int most_links = 40;  // as the kernel follows
  for (int links = 0; !ec && fs::is_symlink(fs::symlink_status(place, ec)); ++links) {
    if (links == most_links) return {};
    const fs::path target = fs::read_symlink(place, ec);
    if (!ec) place = fs::weakly_canonical(place.parent_path() / target, ec);
  }
  return ec && ec != std::errc::no_such_file_or_directory ? fs::path() : place;
}

}  // namespace

bool is_below(const fs::path& path, const fs::path& folder) {
  const fs::path inner = followed(path);
  const fs::path outer = followed(folder);
  if (inner.empty() || outer.empty()) return false;
  const fs::path way = inner.lexically_relative(outer);
  return !way.empty() && *way.begin() != ".." && way != ".";
}

}  // namespace memspice
