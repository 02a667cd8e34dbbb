#pragma once
// A tile all of whose wires' nodes and terminals are held from outside: nothing is left of the
// mesh.
//
//     V_0 o--driver--o--wire--o--wire--o ...          o: held, a pin
//                             |        |
//                           cell     cell             what a cell keeps to itself stays free
//                             |        |
//                             o--wire--o ...--sense--o 0 V
//
// At the voltages of the operating point no pin of a node carries a current, and those of the
// senses carry the tile's answer. Same elements, cells and names as in tile_circuit.hpp, but for
// the drivers, which are voltage sources behind their resistance here.

#include <Eigen/Core>
#include <vector>

#include "circuit/pieces.hpp"
#include "synthesis/tile_circuit.hpp"

namespace memspice::synthesis {

struct PinnedTile {
  enum class Role {
    Node,    ///< of a wire: what leaves it should be 0
    Driver,  ///< in front of the driver of driven line `line`
    Sense,   ///< behind the sense of bit line `line`
    Gate,    ///< gate line `line`
  };
  struct Pin {
    Role role = Role::Node;
    int line = 0;
  };
  /// A resistance between two pins: wires, drivers, senses.
  struct Wire {
    int a = 0, b = 0;
    double G = 0.0;  ///< [S]
  };

  std::vector<Pin> pins;
  std::vector<Wire> wires;
  /// Pins at the two ends of cell (i, j), n_word_lines x n_bit_lines: the line that brings the
  /// current, the bit line. -1: no element is there. Several crossings may share a pin.
  Eigen::MatrixXi word_pin, bit_pin;
  /// Which cells are there: 1 or 0, n_word_lines x n_bit_lines.
  Eigen::MatrixXi is_cell;
  std::vector<circuit::Piece> pieces;  ///< numbered as `pins`
};

/// Cells per piece. ngspice's work on a pinned deck grows faster than its size: a sweep of 24
/// points took, with reading the deck, 0.22 / 0.19 / 0.27 / 0.43 ms a cell at 64 / 256 / 512 /
/// 1,024 cells a piece (one core of an AMD EPYC, processor time).
inline constexpr int default_nets_per_piece = 512;

/// Throws InputError as TileSpec::validate does.
PinnedTile build_pinned_tile(const TileSpec& spec, int nets_per_piece = default_nets_per_piece);

}  // namespace memspice::synthesis
