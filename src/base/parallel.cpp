#include "base/parallel.hpp"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>
#include <tbb/task_group.h>

#include <algorithm>
#include <atomic>

#include "base/blas.hpp"
#include "base/interrupt.hpp"

namespace memspice {

int available_cores() {
  return tbb::this_task_arena::max_concurrency();
}

void parallel_for(int jobs, std::size_t count, const std::function<void(std::size_t)>& body) {
  pin_blas_to_one_thread();
  const auto guarded = [&body](std::size_t k) {
    throw_if_interrupted();
    body(k);
  };
  if (jobs == 1 || count < 2) {
    for (std::size_t k = 0; k < count; ++k) guarded(k);
    return;
  }
  // TBB orders the caller before every task and every task before the caller. A sanitizer of
  // threads cannot see into it; these two show it the same order.
  std::atomic<bool> begun = false;
  std::atomic<std::size_t> ended = 0;
  begun.store(true, std::memory_order_release);
  tbb::task_arena arena(jobs > 0 ? std::min(jobs, available_cores()) : tbb::task_arena::automatic);
  arena.execute([&] {
    // A context of its own: a failing loop must not cancel one that encloses it.
    tbb::task_group_context context(tbb::task_group_context::isolated);
    tbb::parallel_for(
        tbb::blocked_range<std::size_t>(0, count, 1),
        [&](const tbb::blocked_range<std::size_t>& range) {
          begun.load(std::memory_order_acquire);
          for (std::size_t k = range.begin(); k < range.end(); ++k) guarded(k);
          ended.fetch_add(1, std::memory_order_release);
        },
        tbb::simple_partitioner(),
        context);
  });
  ended.load(std::memory_order_acquire);
}

}  // namespace memspice
