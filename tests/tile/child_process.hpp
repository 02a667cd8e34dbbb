#pragma once
// Hidden test cases run in a process of their own: to be killed, to have no permission, no space.

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <string>

extern char** environ;

namespace memspice::test {

constexpr const char* argument_variable = "MEMSPICE_TEST_CHILD";

/// What run_child or start_child was given.
inline std::string child_argument() {
  const char* value = std::getenv(argument_variable);
  return value == nullptr ? "" : value;
}

/// Starts this program for the hidden test cases of `tag`; what it prints goes to `output` if >= 0.
inline pid_t start_child(const std::string& tag, const std::string& argument, int output = -1) {
  ::setenv(argument_variable, argument.c_str(), 1);
  std::string program = "/proc/self/exe", test = tag;
  char* arguments[] = {program.data(), test.data(), nullptr};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  if (output >= 0) ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  pid_t pid = -1;
  const int code = ::posix_spawn(&pid, "/proc/self/exe", &actions, nullptr, arguments, environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (code != 0) throw std::runtime_error("this test program could not be started again");
  return pid;
}

/// 0 when the child's checks passed; -signal when it was killed.
inline int wait_child(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) throw std::runtime_error("the child is gone");
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

inline int run_child(const std::string& tag, const std::string& argument) {
  return wait_child(start_child(tag, argument));
}

/// Root may write everything; give that up.
inline void become_ordinary_user() {
  constexpr uid_t nobody = 65534;
  if (::geteuid() == 0 && (::setgid(nobody) != 0 || ::setuid(nobody) != 0)) std::abort();
}

/// Writes beyond `bytes` fail, as they do on a full disk.
inline void limit_file_size(rlim_t bytes) {
  ::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{bytes, bytes};
  if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) std::abort();
}

}  // namespace memspice::test
