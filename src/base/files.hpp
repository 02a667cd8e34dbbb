#pragma once
// Files that are whole or absent, and the files that memspice ships with.

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace memspice {

/// The whole file; throws InputError when it is missing, no regular file, unreadable or larger
/// than `max_bytes`.
std::string read_file(const std::filesystem::path& path, std::size_t max_bytes = 1ULL << 31);

/// Writes beside `path`, syncs and renames: a reader sees the old file or the new one, whole.
/// Makes missing parent folders. Throws RunError naming path and cause (permission, full disk).
void write_file(const std::filesystem::path& path, std::string_view content);

/// Makes `folder` (and parents) and proves that it can be written; throws InputError if not.
void require_writable_folder(const std::filesystem::path& folder);

/// A folder of its own under the system's temporary folder, removed on destruction.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

/// A shipped file, e.g. "device_models/static_read/static_read.sub": from MEMSPICE_SHARE if set,
/// else share/memspice beside the program's bin folder, else the source tree it was built from.
/// Throws RunError that lists where it looked.
std::filesystem::path shipped_file(const std::filesystem::path& relative);

/// memspice's version, "0.1.0".
std::string_view version();

}  // namespace memspice
