#pragma once
// One ngspice, loaded into this process. The library keeps its state in globals, so a process
// holds at most one session: memspice-worker is that process.

#include <memory>
#include <string>

#include "engine/engine.hpp"

namespace memspice::engine {

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

  /// False once the simulator asked to be unloaded; it must take no further deck.
  bool alive() const noexcept;

 private:
  struct Library;
  std::unique_ptr<Library> library_;
};

}  // namespace memspice::engine
