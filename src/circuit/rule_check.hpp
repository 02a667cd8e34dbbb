#pragma once
// The electrical rule check: faults that make a deck fail or lie, found before SPICE sees it.

#include <string>
#include <vector>

#include "circuit/circuit.hpp"

namespace memspice::circuit {

enum class Rule {
  FloatingNet,      ///< fewer than two pins
  NoDcPath,         ///< no path to ground through elements that conduct at DC
  ShortedSource,    ///< both pins of a voltage source on one net, or a loop of voltage sources
  UnconnectedPort,  ///< a subcircuit port with nothing on it
  UnknownModel,     ///< an instance names a definition that the circuit lacks, or its ports differ
  BadValue,         ///< a resistance <= 0, a value that is not finite
};

struct Violation {
  Rule rule;
  std::string place;    ///< net or instance, with its path of subcircuits
  std::string message;  ///< what is wrong and what to do
};

/// All violations, subcircuits included; empty when the circuit is sound.
std::vector<Violation> check_rules(const Circuit& circuit);

/// Throws RunError that lists the first violations.
void require_sound(const Circuit& circuit);

}  // namespace memspice::circuit
