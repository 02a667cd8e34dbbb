#pragma once
// The life of memspice-worker: shut itself in, load ngspice, answer one deck after another.

#include <string>

namespace memspice::engine {

/// The descriptor on which a worker finds its socket to the pool.
inline constexpr int worker_socket = 3;

/// What a worker is started with.
struct WorkerArguments {
  std::string library;  ///< of ngspice
  std::string folder;   ///< to work in, made by prepare_worker_folder
  int parent = 0;       ///< process id of the pool's process
};

/// Fills an empty folder with what keeps ngspice from reading a user's or the system's init files:
/// it looks for .spiceinit in the working folder first, and only without one in the user's home.
/// Throws RunError when it cannot be written.
void prepare_worker_folder(const std::string& folder);

/// Serves until the other end of the socket closes, the session dies or `parent` is no longer this
/// process's parent; then the folder goes as well. Returns the exit status.
int serve(const WorkerArguments& arguments);

}  // namespace memspice::engine
