#include "base/interrupt.hpp"

#include <signal.h>
#include <unistd.h>

#include <atomic>

#include "base/error.hpp"

namespace memspice {
namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "the flag is set in a signal handler");

extern "C" void on_signal(int) {
  if (interrupted.exchange(true)) _exit(130);
}

}  // namespace

void catch_interrupts() {
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
