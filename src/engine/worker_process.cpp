#include "engine/worker_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "engine/worker_service.hpp"

namespace memspice::engine {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void fail_to_start(const std::string& program, int cause) {
  throw RunError({.place = program,
                  .value = {},
                  .rule = "the simulator process cannot be started: " +
                          std::error_code(cause, std::generic_category()).message(),
                  .remedy = "check the file and the limits on processes and open files"});
}

/// What a worker needs of the environment. SPICE_* variables, which redirect ngspice's files, are
/// not passed; one thread each, since the pool already has a worker per core.
std::vector<std::string> worker_environment() {
  // ngspice takes and frees a circuit's memory at each analysis: giving it back to the system in
  // between costs a third of the time of small ones.
  std::vector<std::string> environment = {"LC_ALL=C",
                                          "OMP_NUM_THREADS=1",
                                          "MALLOC_TRIM_THRESHOLD_=1073741824",
                                          "MALLOC_MMAP_THRESHOLD_=1073741824"};
  for (const char* name : {"PATH",
                           "LD_LIBRARY_PATH",
                           "TMPDIR",
                           "ASAN_OPTIONS",
                           "TSAN_OPTIONS",
                           "UBSAN_OPTIONS",
                           "LSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name))
      environment.push_back(std::string(name) + "=" + value);
  }
  return environment;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

/// Attributes and file actions of posix_spawn, released on every path.
struct SpawnPlan {
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_t actions;

  /// Only the socket and /dev/null are left open: ngspice prints to stdout, and a descriptor of
  /// ours kept open in a worker would keep pipes and locks alive.
  explicit SpawnPlan(int child_socket) {
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, child_socket, worker_socket);
    ::posix_spawn_file_actions_addclosefrom_np(&actions, worker_socket + 1);
    ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    sigset_t none;
    sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
};

std::string describe_status(int status) {
  if (!WIFSIGNALED(status)) return "ended with status " + std::to_string(WEXITSTATUS(status));
  const int number = WTERMSIG(status);
  return "killed by signal " + std::to_string(number) + " (" + ::strsignal(number) + ")";
}

bool is_program(const fs::path& path) {
  std::error_code ec;
  return fs::is_regular_file(path, ec) && ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

std::string find_worker_program(const Options& options) {
  std::vector<fs::path> places;
  const char* named = std::getenv("MEMSPICE_WORKER");
  std::error_code ec;
  if (!options.worker_program.empty()) {
    places.emplace_back(options.worker_program);
  } else if (named != nullptr && *named != '\0') {
    places.emplace_back(named);
  } else {
    const fs::path folder = fs::read_symlink("/proc/self/exe", ec).parent_path();
    places = {folder / "memspice-worker",
              folder.parent_path() / "libexec" / "memspice" / "memspice-worker"};
  }
  std::string looked;
  for (const fs::path& place : places) {
    if (is_program(place)) return place.string();
    looked += (looked.empty() ? "" : ", ") + place.string();
  }
  throw RunError({.place = "memspice-worker",
                  .value = {},
                  .rule = "this program was not found; looked for " + looked,
                  .remedy = "install memspice whole or set MEMSPICE_WORKER to its path"});
}

WorkerProcess::WorkerProcess(const std::string& program,
                             const std::string& library,
                             const fs::path& folder) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    fail_to_start(program, errno);
  socket_ = ends[0];
  ::fcntl(socket_, F_SETFL, O_NONBLOCK);
  std::vector<std::string> arguments = {
      program, library, folder.string(), std::to_string(::getpid())};
  std::vector<std::string> environment = worker_environment();
  const SpawnPlan plan(ends[1]);
  const int cause = ::posix_spawn(&process_,
                                  program.c_str(),
                                  &plan.actions,
                                  &plan.attributes,
                                  pointers(arguments).data(),
                                  pointers(environment).data());
  ::close(ends[1]);
  if (cause == 0) return;
  ::close(socket_);
  fail_to_start(program, cause);
}

WorkerProcess::~WorkerProcess() {
  end(false);
  ::close(socket_);
}

void WorkerProcess::post(const std::string& message) {
  outgoing_.erase(0, sent_);
  sent_ = 0;
  outgoing_ += message;
  send_pending();  // a loss shows at the next exchange
}

bool WorkerProcess::send_pending() {
  while (has_unsent()) {
    const ssize_t n =
        ::send(socket_, outgoing_.data() + sent_, outgoing_.size() - sent_, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno == EAGAIN;
    sent_ += static_cast<std::size_t>(n);
  }
  return true;
}

bool WorkerProcess::receive_available() {
  char chunk[1 << 16];
  for (;;) {
    const ssize_t n = ::recv(socket_, chunk, sizeof chunk, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno == EAGAIN;
    if (n == 0) return false;
    incoming_.append(chunk, static_cast<std::size_t>(n));
  }
}

bool WorkerProcess::exchange() {
  const bool sent = send_pending();
  const bool received = receive_available();  // a worker may answer and then close
  return sent && received;
}

std::string WorkerProcess::end(bool wait_first) {
  if (process_ < 0) return "ended";
  int status = 0;
  pid_t reaped = 0;
  for (int tries = wait_first ? 50 : 0; tries > 0 && reaped == 0; --tries) {
    reaped = ::waitpid(process_, &status, WNOHANG);
    if (reaped == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  if (reaped == 0) {
    ::kill(-process_, SIGKILL);
    ::kill(process_, SIGKILL);  // in case it has not yet become a group of its own
    while ((reaped = ::waitpid(process_, &status, 0)) < 0 && errno == EINTR) continue;
  }
  process_ = -1;
  return reaped > 0 ? describe_status(status) : "ended";
}

}  // namespace memspice::engine
