#pragma once
// Many decks, few worker processes: who runs what, what is late, what is lost.

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "engine/worker_process.hpp"

namespace memspice::engine {

/// Keeps up to Options::workers processes and hands each one deck at a time. A worker that
/// crashes, is killed or is late costs its deck one attempt of two, and is replaced. Workers stay
/// warm between calls. Not thread-safe: one call at a time.
class WorkerPool {
 public:
  /// Starts the first worker, to learn the simulator's version. Throws InputError for bad options,
  /// RunError when worker program or library are missing or cannot be used.
  explicit WorkerPool(const Options& options);

  const std::string& version() const noexcept { return version_; }

  /// See Engine::run_all. Any exception out of it, Interrupted above all, leaves no worker.
  std::vector<Waveforms> run_all(std::span<const netlist::Deck> decks, const OnDone& on_done);

 private:
  using Clock = std::chrono::steady_clock;
  enum class State { Empty, Starting, Idle, Busy };

  /// A place for one process.
  struct Seat {
    std::unique_ptr<WorkerProcess> process;
    State state = State::Empty;
    std::size_t deck = 0;        ///< in the batch, while Busy
    Clock::time_point deadline;  ///< while Starting or Busy
    int decks_done = 0;
  };

  /// The decks of one call.
  struct Batch {
    std::span<const netlist::Deck> decks;
    const OnDone& on_done;
    std::vector<Waveforms> results;
    std::vector<int> attempts;
    std::deque<std::size_t> waiting;
    std::size_t finished = 0;
    bool done() const noexcept { return finished == decks.size(); }
  };

  /// A worker's message, decoded.
  struct Answer {
    MessageKind kind = MessageKind::Ready;
    std::string text;  ///< version or reason
    Result result;     ///< of a Result
  };

  static std::optional<Answer> next_answer(Seat& seat);
  void start_first_worker();
  void start(Seat& seat);
  void assign(Seat& seat, Batch& batch);
  void fill_seats(Batch& batch);
  std::vector<Seat*> wait_for_events();
  void serve(Seat& seat, Batch& batch);
  void receive(Seat& seat, Answer answer, Batch& batch);
  void take_result(Seat& seat, Result result, Batch& batch);
  void check_deadlines(Batch& batch);
  void lose(Seat& seat, Batch& batch, Termination termination, const std::string& how);
  void count_failed_start(const std::string& how);
  void finish(std::size_t deck, Waveforms waveforms, Batch& batch);
  void save_failed_deck(const netlist::Deck& deck, Summary& summary) const;
  static void clear(Seat& seat);

  Options options_;
  std::string program_;
  TemporaryFolder folder_;  ///< where the workers work; outlives them
  std::string version_;
  std::vector<Seat> seats_;
  int failed_starts_ = 0;  ///< in a row
};

}  // namespace memspice::engine
