// Several processes at one store, and processes that are killed while they write.
#include <poll.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <set>
#include <thread>

#include "base/random.hpp"
#include "child_process.hpp"
#include "store_fixture.hpp"

using namespace memspice;
using namespace memspice::tile;

namespace {

constexpr int n_slots = 60;  // rows that each killed writer replaces, round and round

/// 20 kB of noise that row and round determine: some pages each, so that a kill falls within one.
StoredResult round_result(int round, int slot) {
  StoredResult result = sample_result("slot " + std::to_string(slot));
  result.description = "round " + std::to_string(round);
  RandomStream random(static_cast<std::uint64_t>(round), "slot/" + std::to_string(slot));
  result.payload.resize(20'000);
  for (char& c : result.payload) c = static_cast<char>(random.below(256));
  return result;
}

/// A pipe; the end to read never blocks.
struct Pipe {
  int ends[2] = {-1, -1};
  Pipe() {
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  }
  ~Pipe() {
    ::close(ends[0]);
    close_writing();
  }
  void close_writing() {
    if (ends[1] >= 0) ::close(ends[1]);
    ends[1] = -1;
  }
  std::string read_all() const {
    std::string text;
    char buffer[4096];
    for (ssize_t n; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;) {
      text.append(buffer, static_cast<std::size_t>(n));
    }
    return text;
  }
};

/// How many bytes `mark` a killed writer sent: one after each put that returned.
int count(const std::string& text, char mark) {
  return static_cast<int>(std::count(text.begin(), text.end(), mark));
}

void wait_for_first_byte(const Pipe& pipe) {
  pollfd poll{pipe.ends[0], POLLIN, 0};
  REQUIRE(::poll(&poll, 1, 10'000) == 1);
}

}  // namespace

TEST_CASE("writer that is killed", "[.store_child_killed]") {
  const std::string argument = test::child_argument();
  const std::size_t space = argument.find(' ');
  const int round = std::stoi(argument.substr(0, space));
  Store store(argument.substr(space + 1));
  for (int k = 0;; ++k) {
    const bool kept = store.put(round_result(round, k % n_slots));
    if (::write(STDOUT_FILENO, kept ? "+" : "!", 1) != 1) return;
    // A command may be killed too. No row is older than 1970: this rewrites the file.
    if (k % 40 == 39) store.prune({.kind = {}, .older_than = 1e12, .damaged = false});
  }
}

TEST_CASE("Store survives 100 kills of a writing process", "[store]") {
  StoreFixture fixture;
  RandomStream random(7, "store_kills");
  int puts = 0, lost = 0;
  for (int round = 0; round < 100; ++round) {
    Pipe pipe;
    const pid_t pid = test::start_child(
        "[.store_child_killed]", std::to_string(round) + " " + fixture.path.string(), pipe.ends[1]);
    pipe.close_writing();
    wait_for_first_byte(pipe);
    std::this_thread::sleep_for(std::chrono::microseconds(random.below(40'000)));
    ::kill(pid, SIGKILL);
    REQUIRE(test::wait_child(pid) == -SIGKILL);
    const std::string marks = pipe.read_all();
    REQUIRE(count(marks, '!') == 0);

    Store store(fixture.path, fixture.options());
    const auto check = store.verify();
    REQUIRE(check.damaged.empty());
    REQUIRE(check.structure.empty());
    // Every put that returned is there; at most the one in progress may be, or not.
    const int acknowledged = count(marks, '+');
    puts += acknowledged;
    for (int k = 0; k < std::min(acknowledged, n_slots); ++k) {
      const auto expected = round_result(round, k);
      const auto found = get(store, expected);
      lost += !found || found->payload != expected.payload;
    }
    if (acknowledged < n_slots) {
      const auto beyond = get(store, round_result(round, acknowledged + 1));
      CHECK((!beyond || beyond->description != "round " + std::to_string(round)));
    }
  }
  INFO(puts << " puts returned before the kills");
  CHECK(lost == 0);
  CHECK(puts >= 100);  // each child was killed behind its first mark at the earliest
  CHECK(fixture.warnings.empty());
}

TEST_CASE("one of two writers", "[.store_child_writer]") {
  const std::string argument = test::child_argument();
  std::vector<std::string> warnings;
  StoreOptions options;
  options.on_warning = [&warnings](const std::string& text) { warnings.push_back(text); };
  Store store(argument.substr(2), options);
  for (int k = 0; k < 100; ++k) {
    REQUIRE(store.put(sample_result(argument.substr(0, 1) + std::to_string(k))));
    const auto common = sample_result("common " + std::to_string(k));  // both write this one
    REQUIRE(store.put(common));
    REQUIRE(get(store, common)->payload == common.payload);
  }
  CHECK(warnings.empty());
}

TEST_CASE("Store takes writers in several processes at once, from its making on", "[store]") {
  StoreFixture fixture;
  std::vector<pid_t> children;
  for (const char* name : {"a", "b", "c"}) {
    children.push_back(test::start_child("[.store_child_writer]",
                                         std::string(name) + " " + fixture.path.string()));
  }
  for (const pid_t pid : children) CHECK(test::wait_child(pid) == 0);
  Store store(fixture.path, fixture.options());
  CHECK(store.list().size() == 400);
  CHECK(store.verify().damaged.empty());
}
