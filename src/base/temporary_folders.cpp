#include "base/temporary_folders.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>
#include <vector>

#include "base/error.hpp"

namespace memspice {
namespace fs = std::filesystem;
namespace {

/// Nobody keeps results under such a name: what a sweep finds by it is removed.
constexpr std::string_view kPrefix = "memspice-temporary-";
constexpr std::size_t kRandomLetters = 6;

/// Opened as a folder of its own, never through a link that somebody put in its place.
int open_folder(const fs::path& path) {
  return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/// Whether `path` still names the folder that `descriptor` is open on.
bool is_same(int descriptor, const fs::path& path) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(descriptor, &opened) == 0 && ::lstat(path.c_str(), &named) == 0 &&
         opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

bool is_own(int descriptor) {
  struct stat opened {};
  return ::fstat(descriptor, &opened) == 0 && opened.st_uid == ::geteuid();
}

bool has_name_of_kind(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.size() == kPrefix.size() + kRandomLetters && name.starts_with(kPrefix);
}

/// Removes the folder unless a process holds its lock.
void sweep(const fs::path& path) {
  const int folder = open_folder(path);
  if (folder < 0) return;
  std::error_code ec;
  if (is_own(folder) && ::flock(folder, LOCK_EX | LOCK_NB) == 0) fs::remove_all(path, ec);
  ::close(folder);
}

}  // namespace

LockedFolder make_locked_folder() {
  // A sweep may take the folder between its birth and its lock: then another one is made.
  constexpr int most_tries = 100;
  for (int tries = 0; tries < most_tries; ++tries) {
    std::string pattern = (fs::temp_directory_path() / (std::string(kPrefix) + "XXXXXX")).string();
    if (::mkdtemp(pattern.data()) == nullptr) break;
    const int folder = open_folder(pattern);
    if (folder < 0) continue;
    if (::flock(folder, LOCK_EX | LOCK_NB) == 0 && is_same(folder, pattern)) {
      return {.path = pattern, .lock = folder};
    }
    ::close(folder);
  }
  throw RunError({.place = fs::temp_directory_path().string(),
                  .value = {},
                  .rule = "no temporary folder can be made: " +
                          std::error_code(errno, std::generic_category()).message(),
                  .remedy = "free some space, or set TMPDIR to another folder"});
}

void sweep_temporary_folders() noexcept try {
  std::error_code ec;
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(fs::temp_directory_path(), ec)) {
    if (has_name_of_kind(entry.path())) found.push_back(entry.path());
  }
  for (const fs::path& path : found) sweep(path);
} catch (...) {
  return;  // what cannot be swept now stays for the next start
}

}  // namespace memspice
