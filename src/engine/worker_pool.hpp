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
#include "engine/pool_work.hpp"
#include "engine/worker_process.hpp"

namespace memspice::engine {

/// Keeps up to Options::workers processes and hands each one job at a time. A worker that
/// crashes, is killed or is late costs its job one attempt of two, and is replaced. Workers stay
/// warm between calls. Not thread-safe: one call at a time.
class WorkerPool {
 public:
  /// Starts the first worker, to learn the simulator's version. Throws InputError for bad options,
  /// RunError when worker program or library are missing or cannot be used.
  explicit WorkerPool(const Options& options);

  const std::string& version() const noexcept { return version_; }

  /// See Engine::run_all. Any exception out of it, Interrupted above all, leaves no worker.
  std::vector<Waveforms> run_all(std::span<const netlist::Deck> decks, const OnDone& on_done);
  /// See Engine::evaluate_all.
  std::vector<PinnedCurrents> evaluate_all(std::span<const PinnedPoints> requests);

 private:
  using Clock = std::chrono::steady_clock;
  /// Of the circuits that one worker keeps [bytes]: a few tens of thousands of pinned cells.
  static constexpr std::size_t resident_limit = 512UL << 20U;
  enum class State { Empty, Starting, Idle, Busy };

  /// A place for one process.
  struct Seat {
    std::unique_ptr<WorkerProcess> process;
    State state = State::Empty;
    std::size_t job = 0;         ///< in the batch, while Busy
    Clock::time_point deadline;  ///< while Starting or Busy
    int decks_done = 0;
    Residents residents{resident_limit};
  };

  /// The jobs of one call.
  struct Batch {
    PoolWork& work;
    std::vector<int> attempts;
    std::deque<std::size_t> waiting;
    std::size_t finished = 0;
    bool done() const noexcept { return finished == attempts.size(); }
  };

  void start_first_worker();
  void run(PoolWork& work);
  std::size_t take_job_for(const Seat& seat, Batch& batch) const;
  void start(Seat& seat);
  void assign(Seat& seat, Batch& batch);
  void fill_seats(Batch& batch);
  std::vector<Seat*> wait_for_events();
  void serve(Seat& seat, Batch& batch);
  void receive(Seat& seat, const Message& message, Batch& batch);
  void take_result(Seat& seat, const std::string& body, Batch& batch);
  void check_deadlines(Batch& batch);
  void lose(Seat& seat, Batch& batch, Termination termination, const std::string& how);
  void count_failed_start(const std::string& how);
  void finish(std::size_t job, Batch& batch);
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
