#pragma once
// The inside of a tile: its lines of wire and the cells between them.

#include <map>
#include <vector>

#include "circuit/circuit.hpp"
#include "synthesis/tile_circuit.hpp"

namespace memspice::synthesis {

/// One word line or bit line as it was added to a circuit.
struct LineNets {
  double termination = 0.0;               ///< driver or sense [Ohm]; infinity: open
  bool has_cells = false;                 ///< false: the line is one net that nothing joins yet
  std::vector<circuit::NetId> terminals;  ///< one per driven or sensed end; a net joined to both
                                          ///< ends by 0 Ohm stands once where its termination is 0
  std::vector<circuit::NetId> nodes;      ///< one per crossing; several may be one net
};

struct ArrayNets {
  /// Word lines, nodes by bit line; or source lines along the bit lines, nodes by word line.
  std::vector<LineNets> word_lines;
  std::vector<LineNets> bit_lines;
  /// One per word line with cells, where cells have a gate; nothing in it holds their voltage.
  std::map<int, circuit::NetId> gates;
};

/// Adds the wires and the cells of `spec` to `circuit`. With `skips_empty_lines` a line with no
/// cell gets no net, terminal or node.
ArrayNets add_array(circuit::Circuit& circuit, const TileSpec& spec, bool skips_empty_lines);

}  // namespace memspice::synthesis
