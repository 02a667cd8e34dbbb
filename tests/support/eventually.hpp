#pragma once
// Waiting for what another process or thread does.

#include <chrono>
#include <thread>

namespace memspice::test {

/// Waits up to `seconds` until `condition` holds.
template <typename Condition>
bool eventually(double seconds, const Condition& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace memspice::test
