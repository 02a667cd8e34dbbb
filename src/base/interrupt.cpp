#include "base/interrupt.hpp"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <string_view>
#include <thread>

#include "base/error.hpp"
#include "base/unfinished.hpp"

namespace memspice {
namespace {

constexpr int kExitCode = 130;
/// What a loop that looks at the flag may take to end in good order.
constexpr double kPatience = 1.2;  // [s]

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "the flag is set in a signal handler");
sem_t signals;  ///< one count per signal

extern "C" void on_signal(int) {
  const int cause = errno;
  const bool is_first = !interrupted.exchange(true);
  ::sem_post(&signals);
  if (!is_first) {
    ::sleep(1);  // the watch ends the process meanwhile
    ::_exit(kExitCode);
  }
  errno = cause;
}

void wait_for_signal() {
  while (::sem_wait(&signals) != 0) continue;
}

/// Until a second signal, or until the patience is over.
void wait_patiently() {
  timespec end{};
  ::clock_gettime(CLOCK_REALTIME, &end);
  const double seconds = static_cast<double>(end.tv_nsec) * 1e-9 + kPatience;
  end.tv_sec += static_cast<time_t>(seconds);
  end.tv_nsec =
      static_cast<long>((seconds - static_cast<double>(static_cast<time_t>(seconds))) * 1e9);
  while (::sem_timedwait(&signals, &end) != 0 && errno == EINTR) continue;
}

/// Not every piece of work can look at a flag: a factorisation, a library that reads a file. What
/// is still at work when the patience is over is ended here, with nothing half-written.
void watch() {
  wait_for_signal();
  wait_patiently();
  remove_unfinished();
  constexpr std::string_view text = "memspice: interrupted\n";
  while (::write(STDERR_FILENO, text.data(), text.size()) < 0 && errno == EINTR) continue;
  ::_exit(kExitCode);
}

/// A thread that no signal interrupts.
void start_watch() {
  sigset_t all, before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread(watch).detach();
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace

void catch_interrupts() {
  static const bool watched = (::sem_init(&signals, 0, 0), start_watch(), true);
  static_cast<void>(watched);
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool is_interrupted() noexcept {
  return interrupted.load(std::memory_order_relaxed);
}

void throw_if_interrupted() {
  if (is_interrupted()) throw Interrupted();
}

void set_interrupted(bool value) noexcept {
  interrupted.store(value);
}

}  // namespace memspice
