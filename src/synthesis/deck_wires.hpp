#pragma once
// What the resistances of an array's SPICE circuit leave over at its nodes.
//
// The circuit is the one that a direct transient runs (synthesis/program_bench.hpp), read element
// by element: our own solver shares nothing with it, so that a wire of which the two think
// differently shows in Kirchhoff's law.

#include <Eigen/Core>
#include <vector>

#include "circuit/circuit.hpp"
#include "crossbar/pulse_nodes.hpp"
#include "synthesis/dynamic_cell.hpp"

namespace memspice::synthesis {

class DeckWires {
 public:
  /// The wires of `spec` with n_word_lines x n_bit_lines cells. Throws InputError as
  /// build_program_bench does.
  DeckWires(const DynamicCell& cell,
            const crossbar::PulsedArraySpec& spec,
            Eigen::Index n_word_lines,
            Eigen::Index n_bit_lines);

  /// Currents that leave each node [A], at potentials V and cell currents I. A transistor that is
  /// off, 1e15 Ohm in the circuit, counts as open; nets between two resistances carry on what
  /// comes.
  crossbar::NodeCurrents excess(const crossbar::NodePotentials& V, const Eigen::VectorXd& I) const;

 private:
  struct Wire {
    int a = 0, b = 0;  ///< nets
    double G = 0.0;    ///< [S]
  };
  Eigen::VectorXd net_potentials(const crossbar::NodePotentials& V) const;
  void settle_joints(Eigen::VectorXd& potential) const;
  void read_cells(const circuit::Circuit& circuit);
  void read_wires(const circuit::Circuit& circuit, double transistor);

  Eigen::Index n_, m_;
  bool has_transistors_;
  std::vector<int> word_, upper_, bit_;  ///< net of each cell's nodes
  std::vector<int> source_;              ///< net of each line's source
  std::vector<Wire> wires_;
  std::vector<Wire> transistors_;  ///< one per cell
  std::vector<char> is_joint_;     ///< per net: nothing but resistances end there
};

}  // namespace memspice::synthesis
