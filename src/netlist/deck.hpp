#pragma once
// Circuit + analysis -> SPICE text that stock `ngspice -b` runs as it is.
//
// `ngspice -b deck.cir` prints the probes with 7 digits, all that ngspice 39 prints without a
// command block; `ngspice -b -r out.raw deck.cir` writes them in full (raw file of doubles).

#include <string>
#include <string_view>
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
  bool all_nets = false;             ///< read every net's voltage instead, which the run names
};

enum class Dialect { Ngspice, Xyce, Hspice };

/// The dialect called "ngspice", "xyce" or "hspice"; throws InputError naming `place`.
Dialect parse_dialect(std::string_view name, const std::string& place);
std::string dialect_name(Dialect dialect);

/// Stimuli that one deck takes. ngspice 39 ran 12000 points of a pwl source; each further source
/// searches its list at every point, so that the cost grows with the square of this number.
inline constexpr int kMaxStimuli = 4096;

/// Deterministic: the same circuit and analysis give the same bytes. Numbers are plain
/// (std::to_chars), no SPICE suffixes. Runs circuit::require_sound first.
/// Many stimuli share one .dc sweep over an index source, each Swept source being a B-source
/// `pwl(v(stimulus_index), 0, level0, 1, level1, ...)`: later points reuse the pivot order of the
/// first. A swept level is exact to about 1e-16 x stimuli x the largest step between two levels,
/// for ngspice linearises the list about the index. Elements are named by their letter, `_` and the
/// instance's name: r_cell_0_1. `vectors` are spelt as ngspice's plot of the run holds them
/// (ngGet_Vec_Info finds them): net voltages "net", source currents "v_name#branch", below an
/// instance "x_tile.net" and "v.x_tile.v_name#branch". Probes below an instance are named
/// "tile.net" and "tile.name". Xyce and HSPICE get the levels as a .data table, and `vectors` as
/// their .print lines spell them; their decks follow the manuals and are not run here. Throws
/// InputError for a probe of nothing, neither probe nor all nets, a Swept source with another
/// number of levels than stimuli or outside a sweep, a tolerance <= 0, a definition that is no
/// plain model text, what the dialect cannot say, more than kMaxStimuli stimuli; RunError when the
/// circuit is not sound.
Deck write_deck(const circuit::Circuit& circuit,
                const circuit::Analysis& analysis,
                Dialect dialect = Dialect::Ngspice);

/// The circuit alone, as a library: definitions, subcircuits and itself as a .subckt with its
/// ports, without analysis. Same checks.
std::string write_subcircuit(const circuit::Circuit& circuit, Dialect dialect = Dialect::Ngspice);

}  // namespace memspice::netlist
