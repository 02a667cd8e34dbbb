#pragma once
// Circuit + analysis -> SPICE text that stock `ngspice -b` runs as it is.

#include <string>
#include <vector>

#include "circuit/analysis.hpp"
#include "circuit/circuit.hpp"

namespace memspice::netlist {

/// SPICE text and what to read after it ran.
struct Deck {
  std::string title;                 ///< for messages
  std::string text;                  ///< whole deck, .end and a final newline included
  std::vector<std::string> vectors;  ///< names to read, one per probe, in the dialect's spelling
  int points = 0;                    ///< points that a complete run has; 0: the analysis decides
};

enum class Dialect { Ngspice };

/// Deterministic: the same circuit and analysis give the same bytes. Numbers are plain
/// (std::to_chars), no SPICE suffixes. Runs circuit::require_sound first.
/// Many stimuli share one .dc sweep over an index source, each Swept source being a B-source
/// `pwl(v(index), 0, level0, 1, level1, ...)`: later points reuse the pivot order of the first.
Deck write_deck(const circuit::Circuit& circuit,
                const circuit::Analysis& analysis,
                Dialect dialect = Dialect::Ngspice);

}  // namespace memspice::netlist
