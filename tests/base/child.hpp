#pragma once
// Runs code in a process of its own: for what changes a process for good, such as its user, its
// limits or its signals.

#include <sys/wait.h>
#include <unistd.h>

#include <functional>

namespace memspice::test {

/// Exit status of a child that runs `body` and exits with what it returns; 128 + signal if killed.
/// The child writes no report and runs no destructors of this process.
inline int in_child(const std::function<int()>& body) {
  const pid_t child = fork();
  if (child == 0) {
    try {
      _exit(body());
    } catch (...) {
      _exit(99);
    }
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace memspice::test
