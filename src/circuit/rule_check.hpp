#pragma once
// The electrical rule check: faults that make a deck fail or lie, found before SPICE sees it.

#include <string>
#include <vector>

#include "circuit/circuit.hpp"

namespace memspice::circuit {

enum class Rule {
  FloatingNet,      ///< fewer than two pins; a net that a voltage source holds needs no other
  NoDcPath,         ///< no path to ground through elements that conduct at DC
  ShortedSource,    ///< both pins of a voltage source on one net, or a loop of voltage sources
  UnconnectedPort,  ///< a subcircuit port with nothing on it
  UnknownModel,     ///< an instance names a definition that the circuit lacks, or its ports differ
  BadValue,         ///< a resistance <= 0, a value that is not finite, a waveform that is none
};

struct Violation {
  Rule rule;
  std::string place;    ///< "circuit.net" or "circuit.instance" of the circuit that holds it
  std::string message;  ///< what is wrong and what to do
};

/// All violations, each subcircuit's body checked once; empty when the circuit is sound. Ports
/// count as connected from outside. Linear in the size of the circuit.
std::vector<Violation> check_rules(const Circuit& circuit);

/// Throws RunError that lists the first violations.
void require_sound(const Circuit& circuit);

}  // namespace memspice::circuit
