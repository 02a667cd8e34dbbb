#pragma once
// What a simulator said during one run, and what follows from it. ngspice's return codes are 0 on
// most failures, so its messages decide.

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.hpp"

namespace memspice::engine {

/// A failure read from the messages: which kind, in the simulator's words, and a remedy.
struct Diagnosis {
  Termination termination = Termination::Done;
  std::string message;
};

/// Keeps the messages that say why a run failed and drops the rest: a long gmin stepping writes
/// thousands of lines. `add` may be called from any thread.
class SimulatorLog {
 public:
  void clear() noexcept;

  /// One message as ngspice hands it over ("stderr Error: ..."). Never throws: it is called from C.
  void add(std::string_view line) noexcept;

  /// The failure, if a message says that the run failed or that the circuit was changed by the
  /// simulator. `is_transient`: the operating point before a transient may be reached by ngspice's
  /// pseudo-transient, a DC result may not, since nothing proves that it settled.
  std::optional<Diagnosis> failure(bool is_transient) const;

  /// The same for a failure seen elsewhere (missing vectors): `what` plus the messages kept.
  Diagnosis explain(Termination termination, const std::string& what) const;

  /// "39" from the banner, empty when it has not been seen.
  std::string version() const;

 private:
  std::string words_and_remedy(const std::string& what) const;

  mutable std::mutex mutex_;
  std::vector<std::string> words_;      ///< in order of arrival, each symptom once
  std::vector<std::size_t> symptoms_;   ///< index of the symptom of each
  std::vector<std::string> unsettled_;  ///< nodes that did not settle, the first few
  std::string version_;
  bool names_next_line_ = false;  ///< the next message is the line that the last one speaks of
};

}  // namespace memspice::engine
