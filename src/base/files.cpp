#include "base/files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <system_error>
#include <vector>

#include "base/error.hpp"
#include "base/temporary_folders.hpp"
#include "base/unfinished.hpp"

namespace memspice {
namespace fs = std::filesystem;
namespace {

std::string last_error() {
  return std::error_code(errno, std::generic_category()).message();
}

[[noreturn]] void fail_to_write(const fs::path& path) {
  throw RunError({.place = path.string(),
                  .value = {},
                  .rule = "cannot be written: " + last_error(),
                  .remedy = "choose another folder with --out or free some space"});
}

/// Writes all of `content` to a new file at `path`; on failure removes it and throws.
void write_all(const fs::path& path, std::string_view content, const fs::path& reported) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (fd < 0) fail_to_write(reported);
  bool ok = true;
  while (ok && !content.empty()) {
    const ssize_t n = ::write(fd, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    ok = n > 0;
    if (ok) content.remove_prefix(static_cast<std::size_t>(n));
  }
  ok = ok && ::fsync(fd) == 0;
  const int cause = errno;
  ::close(fd);
  if (ok) return;
  ::unlink(path.c_str());
  errno = cause;
  fail_to_write(reported);
}

/// A temporary folder with its lock, removed even when a signal ends the process.
struct HeldFolder {
  explicit HeldFolder(LockedFolder locked) : folder(std::move(locked)), unfinished(folder.path) {}
  ~HeldFolder() { ::close(folder.lock); }
  HeldFolder(const HeldFolder&) = delete;
  HeldFolder& operator=(const HeldFolder&) = delete;

  LockedFolder folder;
  Unfinished unfinished;
};

struct HeldFolders {
  std::mutex mutex;
  std::map<fs::path, std::unique_ptr<HeldFolder>> all;
};

HeldFolders& held_folders() {
  static HeldFolders held;
  return held;
}

}  // namespace

std::string read_file(const fs::path& path, std::size_t max_bytes) {
  std::error_code ec;
  const auto reject = [&path](const std::string& rule, const std::string& remedy) {
    throw InputError({.place = path.string(), .value = {}, .rule = rule, .remedy = remedy});
  };
  if (!fs::exists(path, ec)) reject("no such file", "check the path");
  if (!fs::is_regular_file(path, ec)) reject("is not a regular file", "name a file");
  const auto size = fs::file_size(path, ec);
  if (!ec && size > max_bytes) {
    reject("is larger than " + std::to_string(max_bytes) + " bytes", "name a smaller file");
  }
  std::ifstream in(path, std::ios::binary);
  if (!in) reject("cannot be read: " + last_error(), "check its permissions");
  std::string content(static_cast<std::size_t>(ec ? 0 : size), '\0');
  in.read(content.data(), static_cast<std::streamsize>(content.size()));
  if (static_cast<std::size_t>(in.gcount()) != content.size()) {
    reject("changed or failed while it was read", "try again");
  }
  return content;
}

void write_file(const fs::path& path, std::string_view content) {
  std::error_code ec;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), ec);
  const fs::path beside = path.string() + ".tmp." + std::to_string(::getpid());
  fs::remove(beside, ec);
  const Unfinished unfinished(beside);
  write_all(beside, content, path);
  if (::rename(beside.c_str(), path.c_str()) != 0) {
    const int cause = errno;
    ::unlink(beside.c_str());
    errno = cause;
    fail_to_write(path);
  }
}

void require_writable_folder(const fs::path& folder) {
  const auto reject = [&folder](const std::string& cause) {
    throw InputError({.place = folder.string(),
                      .value = {},
                      .rule = "cannot be used as output folder: " + cause,
                      .remedy = "choose another one with --out"});
  };
  std::error_code ec;
  fs::create_directories(folder, ec);
  if (ec) reject(ec.message());
  if (!fs::is_directory(folder, ec)) reject("it is not a folder");
  const fs::path probe = folder / (".memspice-probe." + std::to_string(::getpid()));
  const int fd = ::open(probe.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) reject(last_error());
  ::close(fd);
  ::unlink(probe.c_str());
}

TemporaryFolder::TemporaryFolder() {
  auto held = std::make_unique<HeldFolder>(make_locked_folder());
  path_ = held->folder.path;
  const std::lock_guard lock(held_folders().mutex);
  held_folders().all[path_] = std::move(held);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ec;
  fs::remove_all(path_, ec);
  const std::lock_guard lock(held_folders().mutex);
  held_folders().all.erase(path_);
}

fs::path shipped_file(const fs::path& relative) {
  std::vector<fs::path> roots;
  if (const char* share = std::getenv("MEMSPICE_SHARE")) roots.emplace_back(share);
  std::error_code ec;
  const fs::path program = fs::read_symlink("/proc/self/exe", ec);
  if (!ec) roots.push_back(program.parent_path().parent_path() / "share" / "memspice");
  roots.emplace_back(MEMSPICE_SOURCE_DIR);
  std::string looked;
  for (const fs::path& root : roots) {
    const fs::path candidate = root / relative;
    if (fs::exists(candidate, ec)) return candidate;
    looked += (looked.empty() ? "" : ", ") + root.string();
  }
  throw RunError({.place = relative.string(),
                  .value = {},
                  .rule = "this shipped file was not found in " + looked,
                  .remedy = "set MEMSPICE_SHARE to the folder that holds device_models"});
}

std::string_view version() {
  return MEMSPICE_VERSION;
}

}  // namespace memspice
