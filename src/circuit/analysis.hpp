#pragma once
// What to ask of a circuit: the analysis, its accuracy, and the quantities to read.

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "circuit/circuit.hpp"

namespace memspice::circuit {

/// One DC solution per stimulus; every Swept source takes its k-th level at stimulus k.
struct StimulusSweep {
  int count = 1;  ///< >= 1
};
/// One DC solution per set of voltages of the External sources, which come from outside while the
/// circuit stays loaded.
struct ExternalSweep {};
struct Transient {
  double stop = 0.0;      ///< [s]
  double step = 0.0;      ///< [s], suggested
  double max_step = 0.0;  ///< [s]; 0: SPICE's choice
  bool use_initial_conditions = false;
};

/// SPICE tolerances, far below its defaults: a reference must be better than what it judges.
struct Accuracy {
  double reltol = 1e-10;
  double abstol = 1e-18;  ///< [A]
  double vntol = 1e-15;   ///< [V]
  double gmin = 1e-18;    ///< [S]; SPICE's own 1e-12 S across every junction is no part of a cell
  int iterations = 200;   ///< Newton steps per point
};

/// A quantity to read at every point.
struct Probe {
  enum class Kind {
    NetVoltage,     ///< of net `name` to ground [V]
    SourceCurrent,  ///< into the + pin of voltage source `name`, SPICE's sign [A]
  };
  Kind kind = Kind::NetVoltage;
  std::string name;
};

struct Analysis {
  std::variant<StimulusSweep, Transient, ExternalSweep> type = StimulusSweep{};
  Accuracy accuracy{};
  std::vector<Probe> probes{};  ///< at least one, unless all nets are read
  /// Every net's voltage instead of probes, those inside of subcircuits and models too.
  bool all_nets = false;
  /// Where the search for an operating point starts [V], by net as ngspice names it; other
  /// dialects' decks leave it out.
  std::vector<std::pair<std::string, double>> start{};
  double temperature = 300.15;  ///< [K]
};

}  // namespace memspice::circuit
