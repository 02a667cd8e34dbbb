#pragma once
// Temporary folders of processes that ended without removing them.

#include <filesystem>

namespace memspice {

/// A folder of its own below the system's temporary folder that this process holds a lock on
/// (flock): as long as the lock is held, no sweep takes it.
struct LockedFolder {
  std::filesystem::path path;
  int lock = -1;  ///< descriptor; closing it, or the end of the process, ends the lock
};

/// Throws RunError when none can be made.
LockedFolder make_locked_folder();

/// Removes the folders of this kind and this user that no living process holds: a process that was
/// killed could not. Locks tell that, not process numbers, which other containers count anew.
void sweep_temporary_folders() noexcept;

}  // namespace memspice
