#pragma once
// One way to use several cores: independent items, each computed the same whatever the order.

#include <cstddef>
#include <functional>

namespace memspice {

/// The cores this process may run on.
int available_cores();

/// Calls `body(k)` for k = 0 .. count-1 on at most `jobs` threads (1: in order, on this thread;
/// 0: all cores). Items must not depend on each other. The first exception thrown by a body is
/// rethrown after the others stopped; throws Interrupted soon after Ctrl-C.
void parallel_for(int jobs, std::size_t count, const std::function<void(std::size_t)>& body);

}  // namespace memspice
