#pragma once
// How Xyce and HSPICE spell the expressions that ngspice understands.
//
// Sources: Xyce Reference Guide 7.x (expressions, B, E, G, S devices, .DATA, .DC), HSPICE Reference
// Manual: Elements and Commands (E and G elements, parameters and functions, .DATA, .DC). Neither
// simulator is at hand here: the texts follow the manuals and are not run.

#include <string>

#include "netlist/deck.hpp"
#include "netlist/term.hpp"

namespace memspice::netlist {

/// The words in which two simulators differ.
struct Spelling {
  Dialect dialect = Dialect::Xyce;
  char open = '{', close = '}';       ///< of an expression
  std::string logarithm = "ln";       ///< to base e
  std::string signed_power = "pwrs";  ///< sign(x) |x|^y
  std::string both = "&", either = "|", negated = "~";
  bool has_inverse_hyperbolic = true;
  bool breaks_lines = false;  ///< long expressions go on after two backslashes
};

const Spelling& xyce_spelling();
const Spelling& hspice_spelling();

/// The term's value as this simulator computes it, brackets only where needed. Throws InputError
/// naming `place` for a function that has no equivalent.
std::string spell(const Term& term, const Spelling& spelling, const std::string& place);

/// `{...}` or `'...'`
std::string spell_quoted(const Term& term, const Spelling& spelling, const std::string& place);

}  // namespace memspice::netlist
