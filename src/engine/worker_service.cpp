#include "engine/worker_service.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <thread>

#include "base/files.hpp"
#include "engine/ngspice_session.hpp"
#include "engine/wire_format.hpp"

namespace memspice::engine {
namespace {

/// An own process group keeps the terminal's Ctrl-C away: the pool decides when a worker ends.
void ignore_terminal_signals() {
  ::signal(SIGINT, SIG_IGN);
  ::signal(SIGPIPE, SIG_IGN);
}

void set_limit(decltype(RLIMIT_CORE) which, rlim_t value) {
  rlimit limit{};
  ::getrlimit(which, &limit);
  limit.rlim_cur = std::min(value, limit.rlim_max);
  ::setrlimit(which, &limit);
}

/// No core files, no written files at all, and no more memory than the machine has.
void limit_resources() {
  set_limit(RLIMIT_CORE, 0);
  set_limit(RLIMIT_FSIZE, 0);
  ::signal(SIGXFSZ, SIG_IGN);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // these reserve terabytes
  const long pages = ::sysconf(_SC_PHYS_PAGES);
  const long page_size = ::sysconf(_SC_PAGESIZE);
  if (pages > 0) set_limit(RLIMIT_AS, static_cast<rlim_t>(pages) * static_cast<rlim_t>(page_size));
#endif
}

constexpr const char* init_files[] = {".spiceinit", "spinit"};

/// The pool removes its folder, unless it was killed. Plain system calls: other threads may be in
/// any state.
void remove_folder_of_lost_pool(const std::string& folder) {
  for (const char* file : init_files) ::unlinkat(AT_FDCWD, file, 0);
  ::rmdir(folder.c_str());
}

/// Ends this process as soon as the pool's process is gone, even in the middle of a long solve.
/// The socket tells at once; the parent's id tells when a forked child of the pool's process still
/// holds the socket open. (PR_SET_PDEATHSIG would also fire when only the thread that started the
/// worker ends, so it is not used.)
void end_with_parent(const WorkerArguments& arguments) {
  std::thread([arguments] {
    for (;;) {
      pollfd socket{worker_socket, 0, 0};  // no events asked for: only a hang-up wakes it
      constexpr int milliseconds = 500;
      ::poll(&socket, 1, milliseconds);
      const bool hung_up = (socket.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
      if (!hung_up && ::getppid() == arguments.parent) continue;
      remove_folder_of_lost_pool(arguments.folder);  // a living pool kills before it hangs up
      ::_exit(0);
    }
  }).detach();
}

/// No file of a user is in reach by a relative name; SPICE_SCRIPTS also keeps the system's spinit
/// and its code models out.
void enter_folder(const std::string& folder) {
  std::filesystem::current_path(folder);
  ::setenv("HOME", folder.c_str(), 1);
  ::setenv("SPICE_SCRIPTS", folder.c_str(), 1);
}

bool send_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(worker_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

/// The next message; nothing when the pool has closed its end.
std::optional<Message> receive(std::string& buffer) {
  char chunk[1 << 16];
  for (;;) {
    if (auto message = take_message(buffer)) return message;
    const ssize_t n = ::recv(worker_socket, chunk, sizeof chunk, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return std::nullopt;
    buffer.append(chunk, static_cast<std::size_t>(n));
  }
}

std::string answer_deck(NgspiceSession& session, std::string_view body) {
  Result result;
  result.waveforms = session.run(decode_deck(body));
  result.session_alive = session.alive();
  return frame(MessageKind::Result, encode_result(result));
}

std::string answer_points(NgspiceSession& session, std::string_view body) {
  const PinnedRequest request = decode_request(body);
  for (const std::string& key : request.forget) session.forget(key);
  PinnedAnswer answer;
  answer.currents = session.evaluate({&request.deck, request.V});
  answer.session_alive = session.alive();
  return frame(MessageKind::PinnedResult, encode_answer(answer));
}

/// False once the pool is gone; true when the session can take no more decks.
bool answer_jobs(NgspiceSession& session) {
  std::string buffer;
  while (session.alive()) {
    const auto message = receive(buffer);
    if (!message) return false;
    const bool is_pinned = message->kind == MessageKind::PinnedJob;
    if (!is_pinned && message->kind != MessageKind::Job) return false;
    const std::string answer =
        is_pinned ? answer_points(session, message->body) : answer_deck(session, message->body);
    if (!send_all(answer)) return false;
  }
  return true;
}

}  // namespace

void prepare_worker_folder(const std::string& folder) {
  for (const char* file : init_files) {
    write_file(std::filesystem::path(folder) / file, "* memspice: no settings but its own\n");
  }
}

int serve(const WorkerArguments& arguments) try {
  ignore_terminal_signals();
  enter_folder(arguments.folder);
  end_with_parent(arguments);
  limit_resources();
  NgspiceSession session(arguments.library);
  if (!send_all(frame(MessageKind::Ready, session.version()))) return 1;
  if (!answer_jobs(session)) remove_folder_of_lost_pool(arguments.folder);
  return 0;
} catch (const std::exception& error) {
  send_all(frame(MessageKind::Unusable, error.what()));
  return 1;
}

}  // namespace memspice::engine
