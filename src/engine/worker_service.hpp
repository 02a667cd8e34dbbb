#pragma once
// The life of memspice-worker: shut itself in, load ngspice, answer one deck after another.

#include <string>

namespace memspice::engine {

/// The descriptor on which a worker finds its socket to the pool.
inline constexpr int worker_socket = 3;

/// Serves until the other end of the socket closes, the session dies or `parent` (a process id)
/// is no longer this process's parent. Returns the exit status.
int serve(const std::string& library, int parent);

}  // namespace memspice::engine
