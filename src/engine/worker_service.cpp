#include "engine/worker_service.hpp"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/error.hpp"
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

/// Ends this process as soon as the pool's process is gone, even in the middle of a long solve.
/// The socket tells at once; the parent's id tells when a forked child of the pool's process still
/// holds the socket open. (PR_SET_PDEATHSIG would also fire when only the thread that started the
/// worker ends, so it is not used.)
void end_with_parent(int parent) {
  std::thread([parent] {
    for (;;) {
      pollfd socket{worker_socket, 0, 0};  // no events asked for: only a hang-up wakes it
      constexpr int milliseconds = 500;
      ::poll(&socket, 1, milliseconds);
      if ((socket.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0 || ::getppid() != parent) {
        ::_exit(0);
      }
    }
  }).detach();
}

/// A folder of its own, gone from the file system once ngspice has read its init files there: no
/// file of a user is read by accident and none is left behind. ngspice looks for .spiceinit in the
/// working folder first, and only if there is none in the user's home.
class PrivateFolder {
 public:
  PrivateFolder() {
    std::filesystem::current_path(folder_.path());
    std::ofstream(".spiceinit") << "* memspice: no user's settings\n";
    std::ofstream("spinit") << "* memspice: no code models, no aliases\n";
    ::setenv("HOME", folder_.path().c_str(), 1);
    ::setenv("SPICE_SCRIPTS", folder_.path().c_str(), 1);
  }

 private:
  TemporaryFolder folder_;
};

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

void answer_decks(NgspiceSession& session) {
  std::string buffer;
  while (session.alive()) {
    const auto message = receive(buffer);
    if (!message || message->kind != MessageKind::Job) return;
    Result result;
    result.waveforms = session.run(decode_deck(message->body));
    result.session_alive = session.alive();
    if (!send_all(frame(MessageKind::Result, encode_result(result)))) return;
  }
}

std::unique_ptr<NgspiceSession> open_session(const std::string& library) {
  const PrivateFolder folder;
  limit_resources();
  return std::make_unique<NgspiceSession>(library);
}

}  // namespace

int serve(const std::string& library, int parent) try {
  ignore_terminal_signals();
  end_with_parent(parent);
  const auto session = open_session(library);
  if (!send_all(frame(MessageKind::Ready, session->version()))) return 1;
  answer_decks(*session);
  return 0;
} catch (const std::exception& error) {
  send_all(frame(MessageKind::Unusable, error.what()));
  return 1;
}

}  // namespace memspice::engine
