#pragma once
// One ngspice, loaded into this process. The library keeps its state in globals, so a process
// holds at most one session: memspice-worker is that process.

#include <memory>
#include <string>

#include "engine/engine.hpp"
#include "engine/pinned.hpp"

namespace memspice::engine {

class NgspiceLibrary;
class ResidentCircuits;

/// Runs decks one after another in one libngspice.
class NgspiceSession {
 public:
  /// Loads `library` (a path, or a name for the dynamic linker). Init files are read from the
  /// working folder: call it in a folder of its own. Throws RunError when it is no libngspice.
  explicit NgspiceSession(const std::string& library);
  ~NgspiceSession();
  NgspiceSession(const NgspiceSession&) = delete;
  NgspiceSession& operator=(const NgspiceSession&) = delete;

  /// "ngspice-39"
  std::string version() const;

  /// Never throws for a deck that fails: its Summary tells. Success needs three things: no message
  /// of failure, the vectors of a new analysis, and as many finite values in each as expected.
  Waveforms run(const netlist::Deck& deck);

  /// Loads the deck unless a circuit of its key is loaded, and asks it at each of the points; it
  /// stays loaded until it is forgotten or `run` takes another deck. Never throws for a deck that
  /// fails: the summary tells.
  PinnedCurrents evaluate(const PinnedPoints& points);
  void forget(const std::string& key);

  /// False once the simulator asked to be unloaded, or a circuit stayed loaded that nothing knows:
  /// it must take no further deck.
  bool alive() const noexcept;

 private:
  class Decks;
  void forget_deck();

  std::unique_ptr<NgspiceLibrary> library_;
  std::unique_ptr<ResidentCircuits> residents_;
};

}  // namespace memspice::engine
