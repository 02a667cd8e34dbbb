#pragma once
// The seam for other simulators: how one spells elements, analyses and probes.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "circuit/analysis.hpp"
#include "circuit/circuit.hpp"
#include "netlist/deck.hpp"

namespace memspice::netlist {

/// A probe's place: the subcircuit instances on the way down, then the net or the source.
struct ProbePath {
  std::vector<std::string> instances;
  std::string name;                           ///< of the net or the instance
  const circuit::Instance* source = nullptr;  ///< of a SourceCurrent
};

/// One simulator's spelling. Texts are whole lines with their newlines, already wrapped.
class DialectWriter {
 public:
  virtual ~DialectWriter() = default;
  /// A hand-written definition, checked and in this dialect's words.
  virtual std::string definition(const circuit::Definition& definition) const = 0;
  virtual std::string element(const circuit::Circuit& circuit,
                              const circuit::Instance& instance) const = 0;
  virtual std::string subcircuit_begin(const circuit::Circuit& body) const = 0;
  virtual std::string subcircuit_end(const circuit::Circuit& body) const = 0;
  /// Tolerances, temperature and the analysis itself, the index source of a sweep included.
  virtual std::string analysis(const circuit::Analysis& analysis) const = 0;
  /// The levels of every swept source in `circuits`, where the dialect keeps them apart from the
  /// sources; empty where it does not.
  virtual std::string stimuli(const std::vector<const circuit::Circuit*>& circuits,
                              const circuit::Analysis& analysis) const;
  /// The vector's name in the simulator's results.
  virtual std::string vector(const ProbePath& probe) const = 0;
  /// The lines that save and print the probes. `saves_all`: keep every vector of the circuit.
  virtual std::string output(const circuit::Analysis& analysis,
                             const std::vector<std::string>& vectors,
                             bool saves_all) const = 0;
};

/// The list of dialects.
const DialectWriter& dialect_writer(Dialect dialect);

}  // namespace memspice::netlist
