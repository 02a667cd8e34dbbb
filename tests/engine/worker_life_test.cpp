// Workers that are killed, hang, leak, cannot start; and a parent that is killed.

#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <set>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/interrupt.hpp"
#include "decks.hpp"

namespace memspice::engine {
namespace {

using Catch::Contains;
using test::eventually;
using test::workers_of;

/// Sends `number` to each worker of this process as often as `times`, 100 ms after it appeared.
class WorkerAttack {
 public:
  WorkerAttack(int number, int times)
      : thread_([number, times] {
          std::set<pid_t> done;
          eventually(8.0, [&] {
            for (const pid_t worker : workers_of(::getpid())) {
              if (!done.insert(worker).second) continue;
              std::this_thread::sleep_for(std::chrono::milliseconds(100));
              ::kill(worker, number);
            }
            return static_cast<int>(done.size()) >= times;
          });
        }) {}
  ~WorkerAttack() { thread_.join(); }

 private:
  std::thread thread_;
};

/// At the far corner of the anti-diagonal: half of 1 V, by symmetry.
void check_grid(const Waveforms& w) {
  REQUIRE(w.ok());
  for (Eigen::Index k = 0; k < w.axis.size(); ++k) {
    CHECK(w.values(k, 0) == Approx(0.5 * w.axis(k)).epsilon(1e-9));
  }
}

}  // namespace

TEST_CASE("a worker killed in the middle of a run costs one attempt", "[engine][worker]") {
  const auto engine = make_ngspice_engine(test::quick_options());
  const WorkerAttack attack(SIGKILL, 1);
  const Waveforms w = engine->run(test::slow_grid(50, 8));
  check_grid(w);
  CHECK(w.summary.attempts == 2);
}

TEST_CASE("a worker killed twice gives up that deck alone and saves it", "[engine][worker]") {
  const TemporaryFolder folder;
  Options options = test::quick_options();
  options.failed_deck_folder = folder.path().string();
  const auto engine = make_ngspice_engine(options);
  std::vector<Waveforms> results;
  {
    const WorkerAttack attack(SIGKILL, 2);
    // Large enough to take seconds: neither attempt may end before it is killed.
    const std::vector<netlist::Deck> decks = {test::slow_grid(96, 1), test::divider()};
    results = engine->run_all(decks);
  }
  CHECK(results[0].summary.termination == Termination::Crashed);
  CHECK(results[0].summary.attempts == 2);
  CHECK_THAT(results[0].summary.message, Contains("signal 9"));
  CHECK(std::filesystem::exists(results[0].summary.saved_deck));
  REQUIRE(results[1].ok());
  CHECK(results[1].values(0, 0) == Approx(0.5));
}

TEST_CASE("a worker killed while idle is replaced", "[engine][worker]") {
  const auto engine = make_ngspice_engine(test::quick_options());
  REQUIRE(engine->run(test::divider()).ok());
  const auto workers = workers_of(::getpid());
  REQUIRE(workers.size() == 1);
  ::kill(workers[0], SIGKILL);
  REQUIRE(eventually(2.0, [&] { return !test::is_running(workers[0]); }));
  CHECK(engine->run(test::divider()).ok());
}

TEST_CASE("a stopped worker is ended at the time limit", "[engine][worker]") {
  Options options = test::quick_options();
  options.time_limit = 1.2;
  const auto engine = make_ngspice_engine(options);
  REQUIRE(engine->run(test::divider()).ok());
  const auto workers = workers_of(::getpid());
  REQUIRE(workers.size() == 1);
  ::kill(workers[0], SIGSTOP);
  const auto start = std::chrono::steady_clock::now();
  const Waveforms w = engine->run(test::divider(3.0));
  REQUIRE(w.ok());
  CHECK(w.values(0, 0) == Approx(0.75));
  CHECK(w.summary.attempts == 2);
  CHECK(test::seconds_since(start) > 1.0);
  CHECK_FALSE(test::is_running(workers[0]));
}

TEST_CASE("a deck over the time limit is given up, the others are not", "[engine][worker]") {
  Options options = test::quick_options();
  options.time_limit = 0.4;
  const std::vector<netlist::Deck> decks = {test::slow_grid(90, 1), test::divider()};
  const auto results = make_ngspice_engine(options)->run_all(decks);
  CHECK(results[0].summary.termination == Termination::TimedOut);
  CHECK_THAT(results[0].summary.message, Contains("0.4 s") && Contains("time_limit"));
  CHECK(results[1].ok());
  CHECK(workers_of(::getpid()).empty());
}

TEST_CASE("workers are recycled after the given number of decks", "[engine][worker]") {
  Options options = test::quick_options();
  options.recycle_after = 3;
  const auto engine = make_ngspice_engine(options);
  std::set<pid_t> seen;
  std::vector<netlist::Deck> decks(9, test::divider());
  std::set<int> attempts;
  const auto results = engine->run_all(decks, [&](std::size_t, const Waveforms&) {
    for (const pid_t worker : workers_of(::getpid())) seen.insert(worker);
  });
  for (const Waveforms& w : results) {
    REQUIRE(w.ok());
    CHECK(w.summary.attempts == 1);
  }
  CHECK(seen.size() == 3);
}

TEST_CASE("workers stay warm between calls and end with the engine", "[engine][worker]") {
  auto engine = make_ngspice_engine(test::quick_options(2));
  const std::vector<netlist::Deck> decks(6, test::divider());
  engine->run_all(decks);
  const auto first = workers_of(::getpid());
  CHECK((first.size() == 1 || first.size() == 2));
  engine->run(test::divider());
  CHECK(workers_of(::getpid()) == first);
  engine.reset();
  CHECK(workers_of(::getpid()).empty());
}

TEST_CASE("Ctrl-C ends a run at once and leaves no worker", "[engine][worker]") {
  const auto engine = make_ngspice_engine(test::quick_options(2));
  const std::vector<netlist::Deck> decks(2, test::slow_grid(100, 1));
  std::chrono::steady_clock::time_point signalled;
  std::thread user([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    signalled = std::chrono::steady_clock::now();
    set_interrupted(true);
  });
  CHECK_THROWS_AS(engine->run_all(decks), Interrupted);
  user.join();
  CHECK(test::seconds_since(signalled) < 0.5);
  CHECK(workers_of(::getpid()).empty());
  set_interrupted(false);
  CHECK(engine->run(test::divider()).ok());
}

TEST_CASE("an exception of the caller passes through and leaves no worker", "[engine][worker]") {
  const auto engine = make_ngspice_engine(test::quick_options(2));
  const std::vector<netlist::Deck> decks(4, test::divider());
  CHECK_THROWS_AS(
      engine->run_all(decks, [](std::size_t, const Waveforms&) { throw RunError("full disk"); }),
      RunError);
  CHECK(workers_of(::getpid()).empty());
  CHECK(engine->run(test::divider()).ok());
}

TEST_CASE("the workers' folder goes with the engine, or with its killed process",
          "[engine][worker]") {
  const TemporaryFolder place;
  ::setenv("TMPDIR", place.path().c_str(), 1);
  const auto is_empty = [&place] { return std::filesystem::is_empty(place.path()); };
  {
    const auto engine = make_ngspice_engine(test::quick_options());
    CHECK_FALSE(is_empty());
  }
  CHECK(is_empty());
  const pid_t parent = ::fork();
  REQUIRE(parent >= 0);
  if (parent == 0) {
    const auto engine = make_ngspice_engine(test::quick_options());
    ::pause();
    ::_exit(0);
  }
  CHECK(eventually(5.0, [&] { return !workers_of(parent).empty(); }));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  ::kill(parent, SIGKILL);
  ::waitpid(parent, nullptr, 0);
  CHECK(eventually(3.0, is_empty));
  ::unsetenv("TMPDIR");
}

TEST_CASE("no worker survives its killed parent, busy, idle or stopped", "[engine][worker]") {
  const int number = GENERATE(0, SIGSTOP);
  INFO("signal " << number);
  const pid_t parent = ::fork();
  REQUIRE(parent >= 0);
  if (parent == 0) {  // a process of its own, killed below; it must not run Catch's exit handlers
    const std::vector<netlist::Deck> decks(2, test::slow_grid(100, 1));
    make_ngspice_engine(test::quick_options(3))->run_all(decks);
    ::_exit(0);
  }
  std::vector<pid_t> workers;
  CHECK(eventually(5.0, [&] { return (workers = workers_of(parent)).size() == 2; }));
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  if (number != 0 && !workers.empty()) {
    ::kill(workers[0], number);
    CHECK(eventually(2.0, [&] { return test::is_stopped(workers[0]); }));
  }
  ::kill(parent, SIGKILL);
  ::waitpid(parent, nullptr, 0);
  for (const pid_t worker : workers) {
    CHECK(eventually(3.0, [&] { return !test::is_running(worker); }));
    ::kill(worker, SIGKILL);
  }
}

TEST_CASE("a missing or wrong library is an error that names the setting", "[engine][worker]") {
  const auto message_for = [](const std::string& library) {
    Options options = test::quick_options();
    options.library = library;
    try {
      make_ngspice_engine(options);
    } catch (const RunError& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  CHECK_THAT(message_for("/absent/libngspice.so"),
             Contains("/absent/libngspice.so") && Contains("libngspice0") && Contains("[spice]"));
  CHECK_THAT(message_for("libm.so.6"), Contains("ngSpice_Init"));
  const TemporaryFolder folder;
  write_file(folder.path() / "text.so", "no library");
  CHECK_THAT(message_for((folder.path() / "text.so").string()), Contains("cannot be loaded"));
}

TEST_CASE("a missing or dying worker program is an error, not a loop", "[engine][worker]") {
  Options options = test::quick_options();
  options.worker_program = "/absent/memspice-worker";
  CHECK_THROWS_WITH(make_ngspice_engine(options),
                    Contains("/absent/memspice-worker") && Contains("MEMSPICE_WORKER"));
  options.worker_program = "/bin/false";
  CHECK_THROWS_WITH(make_ngspice_engine(options), Contains("ended with status 1"));
}

TEST_CASE("options out of range are refused by name", "[engine]") {
  const auto refused = [](auto change, const std::string& key) {
    Options options = test::quick_options();
    change(options);
    CHECK_THROWS_AS(make_ngspice_engine(options), InputError);
    CHECK_THROWS_WITH(make_ngspice_engine(options), Contains(key));
  };
  refused([](Options& o) { o.library.clear(); }, "library");
  refused([](Options& o) { o.workers = -1; }, "workers");
  refused([](Options& o) { o.time_limit = 0.0; }, "time_limit");
  refused([](Options& o) { o.time_limit = std::nan(""); }, "time_limit");
  refused([](Options& o) { o.recycle_after = 0; }, "recycle_after");
}

}  // namespace memspice::engine
