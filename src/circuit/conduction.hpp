#pragma once
// Which nets of a circuit hang together: at DC, and by voltage sources alone.

#include <map>
#include <string>
#include <vector>

#include "circuit/circuit.hpp"

namespace memspice::circuit {

/// Kinds that hold the voltage between their first two pins, and have a branch current.
bool is_voltage_source(Kind kind);

/// How a subcircuit looks from its ports: ports of one group are joined inside it. Group 0 is
/// ground's.
struct PortGroups {
  std::vector<int> conducting;  ///< one per port: joined by elements that conduct at DC
  std::vector<int> rigid;       ///< one per port: joined by voltage sources
};
using KnownGroups = std::map<std::string, PortGroups, std::less<>>;  ///< by definition's name

/// The nets of one circuit in groups.
struct Conduction {
  std::vector<int> group;           ///< one per net; 0 holds ground
  std::vector<std::string> loops;   ///< instances that close a loop of voltage sources
  std::vector<std::string> shorts;  ///< voltage sources with both pins on one net
  PortGroups ports;
};

/// Groups the nets by connected components over the elements that conduct at DC (all but
/// capacitors, current sources, gates and control pins) and looks for loops of voltage sources
/// by union-find. `known` holds the groups of each subcircuit that `circuit` instantiates.
Conduction find_conduction(const Circuit& circuit, const KnownGroups& known);

/// The groups of a hand-written definition, taken on trust: its ports are joined, and to ground
/// too when its text names ground.
PortGroups groups_of_text(const Definition& definition);

}  // namespace memspice::circuit
