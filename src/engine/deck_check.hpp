#pragma once
// The second line of defence: what a deck may hold before it reaches a simulator that can run
// commands, write files and load code. The first is the netlist module, which writes the decks.

#include <string>
#include <vector>

#include "netlist/deck.hpp"

namespace memspice::engine {

/// A deck that was found harmless, cut into lines.
struct CheckedDeck {
  enum class Analysis { OperatingPoint, Sweep, Transient };
  std::vector<std::string> lines;  ///< title first, ".end" last
  Analysis analysis = Analysis::OperatingPoint;
  double stop = 0.0;  ///< [s], of a transient; 0 when the card does not give it as a plain number
};

/// Accepts element lines, plain comments and the cards .title .options .dc .op .tran .print .save
/// .subckt .ends .model .param .func .ic .nodeset .temp .global .end, with one analysis. All else
/// is refused: .control, .include, .lib, A-devices, file arguments, `*#` and `*ng_script` comments
/// (ngspice runs both as commands), control characters, and resistors written as 0, which ngspice
/// makes 1 mOhm. Throws InputError naming the line.
CheckedDeck check_deck(const netlist::Deck& deck);

}  // namespace memspice::engine
