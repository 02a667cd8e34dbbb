#include "command.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "target.hpp"

namespace memspice::fuzz {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void become(const std::vector<std::string>& arguments, const Limits& limits) {
  ::setpgid(0, 0);
  limit_memory(2.0 * limits.megabytes);
  const rlimit seconds{static_cast<rlim_t>(limits.seconds),
                       static_cast<rlim_t>(limits.seconds) + 1};
  ::setrlimit(RLIMIT_CPU, &seconds);
  const rlimit core{0, 0};
  ::setrlimit(RLIMIT_CORE, &core);
  std::vector<char*> words;
  for (const std::string& argument : arguments)
    words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  ::execv(words.front(), words.data());
  ::_exit(127);
}

/// Waits until the process ends, or ends it with all that it started.
int wait_for(pid_t pid, const Limits& limits, rusage& usage) {
  const auto last = Clock::now() + std::chrono::duration<double>(limits.wall_seconds);
  auto pause = std::chrono::milliseconds(1);
  int status = 0;
  while (::wait4(pid, &status, WNOHANG, &usage) == 0) {
    if (Clock::now() > last) {
      ::kill(-pid, SIGKILL);
      ::wait4(pid, &status, 0, &usage);
      throw Finding("it was still running after " + std::to_string(limits.wall_seconds) + " s");
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::milliseconds(20));
  }
  ::kill(-pid, SIGKILL);  // workers that it left behind
  return status;
}

bool is_allowed(int code) {
  return code == 0 || code == 1 || code == 2 || code == 130;
}

}  // namespace

void limit_memory([[maybe_unused]] double megabytes) {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  const auto bytes = static_cast<rlim_t>(megabytes * 1024.0 * 1024.0);
  const rlimit limit{bytes, bytes};
  ::setrlimit(RLIMIT_DATA, &limit);
#endif
}

void run_command(const std::vector<std::string>& arguments, const Limits& limits) {
  const pid_t pid = ::fork();
  if (pid < 0) throw std::runtime_error("no process can be started");
  if (pid == 0) become(arguments, limits);
  rusage usage{};
  const int status = wait_for(pid, limits, usage);
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    if (signal == SIGXCPU || signal == SIGKILL) throw Finding("over 20 s of processor time");
    throw Finding("the command ended by signal " + std::to_string(signal));
  }
  const int code = WEXITSTATUS(status);
  if (!is_allowed(code)) throw Finding("the command ended with exit code " + std::to_string(code));
  const double megabytes = static_cast<double>(usage.ru_maxrss) / 1024.0;
  if (megabytes > limits.megabytes) {
    throw Finding("the command took " + std::to_string(megabytes) + " MB");
  }
}

}  // namespace memspice::fuzz
