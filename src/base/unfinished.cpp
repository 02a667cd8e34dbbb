#include "base/unfinished.hpp"

#include <unistd.h>

#include <chrono>
#include <mutex>
#include <set>
#include <utility>

namespace memspice {
namespace {

/// With the process that made it: a forked child inherits the list, not the duty.
using Entry = std::pair<std::filesystem::path, pid_t>;

struct Paths {
  std::timed_mutex mutex;
  std::multiset<Entry> all;
};

/// Never destroyed: a signal may come while the process' own objects go.
Paths& paths() {
  static Paths& kept = *new Paths;
  return kept;
}

}  // namespace

Unfinished::Unfinished(std::filesystem::path path) : path_(std::move(path)) {
  const std::lock_guard lock(paths().mutex);
  paths().all.emplace(path_, ::getpid());
}

Unfinished::~Unfinished() {
  const std::lock_guard lock(paths().mutex);
  const auto entry = paths().all.lower_bound(Entry(path_, 0));
  if (entry != paths().all.end() && entry->first == path_) paths().all.erase(entry);
}

void remove_unfinished() noexcept try {
  // By the system's clock: the thread sanitizer of GCC 12 does not see a wait by the steady one.
  const std::unique_lock lock(paths().mutex,
                              std::chrono::system_clock::now() + std::chrono::milliseconds(200));
  if (!lock) return;
  std::error_code ec;
  for (const auto& [path, maker] : paths().all) {
    if (maker == ::getpid()) std::filesystem::remove_all(path, ec);
  }
} catch (...) {
  return;
}

}  // namespace memspice
