#pragma once
// Deck -> waveforms. One interface for every circuit simulator.

#include <Eigen/Core>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "netlist/deck.hpp"

namespace memspice::engine {

enum class Termination {
  Done,
  NoConvergence,  ///< the simulator gave up on the equations
  Rejected,       ///< the simulator refused the deck
  Crashed,        ///< the process ended or was killed, twice
  TimedOut,       ///< over the time limit, twice
};

/// How a run ended; success is read from messages and vectors, never from return codes.
struct Summary {
  Termination termination = Termination::Done;
  std::string message;     ///< the simulator's own words that decided it, and a remedy
  double seconds = 0.0;    ///< wall time inside the simulator
  int attempts = 1;        ///< 2 when the first worker was lost
  std::string saved_deck;  ///< where the deck of a failed run was saved; empty when it succeeded
};

struct Waveforms {
  Eigen::VectorXd axis;    ///< points: stimulus index, or time [s]
  Eigen::MatrixXd values;  ///< points x probes, in the deck's order [V] or [A]; empty on failure
  std::vector<std::string> nets;  ///< the columns' names, where the deck reads all nets
  Summary summary;
  bool ok() const noexcept { return summary.termination == Termination::Done; }
};

/// Called as each deck ends, one call at a time, with the deck's index and its answer.
using OnDone = std::function<void(std::size_t, const Waveforms&)>;

struct PinnedPoints;
struct PinnedCurrents;

class Engine {
 public:
  virtual ~Engine() = default;

  /// "ngspice-39": name and version, part of every result's provenance.
  virtual std::string version() = 0;

  /// Runs all decks, in any order and in parallel where the engine can; result k belongs to deck
  /// k. `on_done` is called as each ends: what it
  /// keeps outlives a later interrupt. A failed deck gives a Waveforms
  /// with its Summary, never an exception; throws Interrupted after Ctrl-C, leaving no process.
  virtual std::vector<Waveforms> run_all(std::span<const netlist::Deck> decks,
                                         const OnDone& on_done = {}) = 0;

  /// Evaluates circuits whose nets are held from outside (engine/pinned.hpp); answer k belongs to
  /// request k. Circuits stay loaded between calls as far as memory allows. As run_all, but nothing
  /// is called before the end. An engine that cannot do it answers Rejected, as this one does.
  virtual std::vector<PinnedCurrents> evaluate_all(std::span<const PinnedPoints> requests);

  Waveforms run(const netlist::Deck& deck) { return std::move(run_all({&deck, 1}).front()); }
};

/// Settings of the ngspice engine.
struct Options {
  std::string library =
      "libngspice.so.0";                 ///< path or name of libngspice, so a newer one can be used
  int workers = 0;                       ///< processes; 0: one per core
  double time_limit = 600.0;             ///< [s] per deck, > 0
  int recycle_after = 50;                ///< decks per worker: ngspice leaks in long sessions
  std::string failed_deck_folder = ".";  ///< where decks of failed runs are saved; empty: nowhere
  std::string worker_program;            ///< memspice-worker; empty: beside the running program
  void validate() const;                 ///< throws InputError
};

/// A pool of worker processes, each holding one in-process ngspice session. Throws RunError when
/// the worker program or the library is missing.
std::unique_ptr<Engine> make_ngspice_engine(const Options& options);

}  // namespace memspice::engine
