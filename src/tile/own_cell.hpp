#pragma once
// The cell of an array built of a user's own subcircuit: its text, its card, and the parameter that
// carries a conductance.

#include <vector>

#include "circuit/instance.hpp"
#include "device/read_law.hpp"

namespace memspice::tile {

struct OwnCell {
  circuit::Definition definition;              ///< ports: word side, bit side, then its own nodes
  std::vector<circuit::Parameter> parameters;  ///< of the card, SI
  device::ReadLaw law;

  /// The instance's parameters for a cell of G [S] > 0.
  std::vector<circuit::Parameter> parameters_for(double G) const;
};

}  // namespace memspice::tile
