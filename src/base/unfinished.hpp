#pragma once
// What a process must not leave behind when it is ended before its time.

#include <filesystem>

namespace memspice {

/// While it lives, `path` (a file that is being written, a temporary folder) is removed should a
/// signal end the process.
class Unfinished {
 public:
  explicit Unfinished(std::filesystem::path path);
  ~Unfinished();
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

 private:
  std::filesystem::path path_;
};

/// Removes every such path, with what is in it. Waits 0.2 s at most for another thread that is
/// about to add or to take one away.
void remove_unfinished() noexcept;

}  // namespace memspice
