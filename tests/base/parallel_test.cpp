#include "base/parallel.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <numeric>
#include <stdexcept>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/random.hpp"

using namespace memspice;

namespace {

/// Leaves the interrupt flag as a fresh process has it.
struct InterruptGuard {
  InterruptGuard() { set_interrupted(false); }
  ~InterruptGuard() { set_interrupted(false); }
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;
};

std::vector<double> noise(int jobs, std::size_t count) {
  const RandomStream stream(1, "parallel_test");
  std::vector<double> values(count);
  parallel_for(jobs, count, [&](std::size_t k) { values[k] = stream.fork(k).normal(); });
  return values;
}

}  // namespace

TEST_CASE("parallel_for calls each item once", "[base]") {
  for (const int jobs : {0, 1, 2, 5}) {
    std::vector<std::atomic<int>> calls(1000);
    parallel_for(jobs, calls.size(), [&calls](std::size_t k) { ++calls[k]; });
    INFO("jobs: " << jobs);
    CHECK(std::all_of(calls.begin(), calls.end(), [](const auto& n) { return n == 1; }));
  }
}

TEST_CASE("parallel_for does nothing for no items", "[base]") {
  parallel_for(2, 0, [](std::size_t) { FAIL("called"); });
  parallel_for(1, 0, [](std::size_t) { FAIL("called"); });
}

TEST_CASE("parallel_for gives the same numbers for any number of jobs", "[base]") {
  const std::vector<double> one = noise(1, 500);
  CHECK(noise(2, 500) == one);
  CHECK(noise(0, 500) == one);
}

TEST_CASE("parallel_for with one job runs in order on the calling thread", "[base]") {
  std::vector<std::size_t> order;
  bool same_thread = true;
  parallel_for(1, 20, [&, caller = std::this_thread::get_id()](std::size_t k) {
    order.push_back(k);
    same_thread = same_thread && std::this_thread::get_id() == caller;
  });
  std::vector<std::size_t> expected(20);
  std::iota(expected.begin(), expected.end(), std::size_t{0});
  CHECK(order == expected);
  CHECK(same_thread);
}

TEST_CASE("parallel_for uses at most the threads it was given", "[base]") {
  std::atomic<int> running{0};
  std::atomic<int> most{0};
  parallel_for(2, 50, [&](std::size_t) {
    const int now = ++running;
    int seen = most.load();
    while (now > seen && !most.compare_exchange_weak(seen, now)) {
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    --running;
  });
  CHECK(most <= 2);
  CHECK(most >= 1);
}

TEST_CASE("parallel_for passes an exception on with its type and stops", "[base]") {
  constexpr std::size_t kCount = 100'000;
  for (const int jobs : {1, 2}) {
    std::atomic<std::size_t> calls{0};
    const auto body = [&calls](std::size_t k) {
      ++calls;
      if (k == 3) throw InputError({.place = "item 3", .value = {}, .rule = "bad", .remedy = {}});
      std::this_thread::sleep_for(std::chrono::microseconds(10));
    };
    INFO("jobs: " << jobs);
    CHECK_THROWS_AS(parallel_for(jobs, kCount, body), InputError);
    CHECK(calls < kCount);
  }
  CHECK_NOTHROW(noise(2, 100));  // a failed loop leaves nothing behind
}

TEST_CASE("a failing inner parallel_for does not cancel the outer one", "[base]") {
  std::atomic<int> failed{0};
  parallel_for(2, 8, [&failed](std::size_t) {
    try {
      parallel_for(2, 8, [](std::size_t k) {
        if (k == 5) throw std::logic_error("inner");
      });
    } catch (const std::logic_error&) {
      ++failed;
    }
  });
  CHECK(failed == 8);
}

TEST_CASE("parallel_for stops soon after Ctrl-C", "[base]") {
  const InterruptGuard guard;
  constexpr std::size_t kCount = 100'000;
  for (const int jobs : {1, 2}) {
    set_interrupted(false);
    std::atomic<std::size_t> calls{0};
    const auto body = [&calls](std::size_t) {
      if (++calls == 10) set_interrupted(true);
    };
    INFO("jobs: " << jobs);
    CHECK_THROWS_AS(parallel_for(jobs, kCount, body), Interrupted);
    // The items that had begun when the flag rose end; no thread begins another.
    CHECK(calls <= 10 + static_cast<std::size_t>(available_cores()));
  }
}

TEST_CASE("available_cores is at least one", "[base]") {
  CHECK(available_cores() >= 1);
}
