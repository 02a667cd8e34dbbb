#pragma once
// One running memspice-worker, seen from the pool: its socket, its end, its removal.

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

#include "engine/wire_format.hpp"

namespace memspice::engine {

/// The memspice-worker to start: Options::worker_program, else the environment variable
/// MEMSPICE_WORKER, else beside the running program or in its ../libexec/memspice. Throws RunError
/// that lists where it looked.
std::string find_worker_program(const Options& options);

/// Starts a worker and owns it: destruction kills and reaps it. Never blocks on the worker.
class WorkerProcess {
 public:
  /// `folder`: where it works, made by prepare_worker_folder. Throws RunError when the program
  /// cannot be started.
  WorkerProcess(const std::string& program,
                const std::string& library,
                const std::filesystem::path& folder);
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  int socket() const noexcept { return socket_; }
  bool has_unsent() const noexcept { return sent_ < outgoing_.size(); }

  /// Sends a framed message as far as the socket takes it now; `exchange` sends the rest. Reads
  /// nothing: an answer that came in here would never wake a poll of the socket.
  void post(const std::string& message);

  /// Sends and receives what the socket takes and holds now. False once the process is lost.
  bool exchange();

  /// The next whole message received; throws RunError when the bytes are none.
  std::optional<Message> take() { return take_message(incoming_); }

  /// Kills the process if it still runs, reaps it and says how it ended: "killed by signal 9
  /// (Killed)", "ended with status 1". `wait_first`: it has closed its socket, so let it end.
  std::string end(bool wait_first);

 private:
  bool send_pending();
  bool receive_available();

  pid_t process_ = -1;
  int socket_ = -1;
  std::string outgoing_;
  std::size_t sent_ = 0;
  std::string incoming_;
};

}  // namespace memspice::engine
