#pragma once

#include "netlist/deck.hpp"

namespace memspice::netlist {

/// An ngspice deck of a transient, integrated by Gear's formulas instead of the trapezoidal rule,
/// which is not damped: a memristor's state that is thrown against a bound within one step (rates
/// of 1e17/s are published) lands as far beyond it as half that step's rate carries.
Deck with_gear(Deck deck);

}  // namespace memspice::netlist
