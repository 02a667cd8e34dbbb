#pragma once
// The nodes of an array under a write pulse, and what Kirchhoff's law leaves over at them.
//
//   F(u) = B I + W u       u: node voltages above their line's source, I: the cells' currents
//
// W: wires, drivers, senses and, in 1t1r, the transistors, each between its word line and a node of
// its own in front of the memristor; B I: what the cells take from one node and give to another.
// Who computes I is open: a C++ law (solve_pulse_nodes) or ngspice (synthesis/pinned_pulse.hpp).
//
// Cell k = i * n_bit_lines + j in all vectors of this header.

#include <Eigen/Core>
#include <string>
#include <vector>

#include "crossbar/array.hpp"
#include "crossbar/nodal_circuit.hpp"
#include "crossbar/pulsed_array.hpp"

namespace memspice::crossbar {

/// Word-line nodes i * m + j, bit-line nodes n m + i * m + j, then one source per line, then, if
/// `transistor` [Ohm] is not 0, the memristors' upper ends. Sources are inputs 0 .. n + m - 1.
NodalCircuit pulsed_nodes(const Array& array, double transistor);

/// Potentials of the memristors' two ends [V].
struct CellEnds {
  Eigen::VectorXd p, n;
};

/// Of all nodes, one per cell, and of the lines' sources [V]. `upper`: between transistor and
/// memristor; empty where there is none.
struct NodePotentials {
  Eigen::VectorXd word, upper, bit, source;
  std::vector<char> is_on;  ///< per cell
};
/// What leaves each of these nodes [A]; of nodes that are one, their sum counts.
struct NodeCurrents {
  Eigen::VectorXd word, upper, bit;
};

class PulseNodes {
 public:
  PulseNodes(const PulsedArraySpec& spec, Eigen::Index n_word_lines, Eigen::Index n_bit_lines);

  /// Sets the sources and gates for a pulse.
  void drive(const CellPulse& pulse);

  Eigen::Index n_cells() const { return n_ * m_; }
  Eigen::Index n_unknowns() const { return nodes_.n_unknowns(); }
  Eigen::Index cell(int i, int j) const { return i * m_ + j; }
  std::string name_of(Eigen::Index k) const;  ///< of cell k, for people: "(1, 2)"
  /// Whether the cell's gate, if it has one, is on; off, it carries nothing.
  bool is_on(Eigen::Index k) const { return !is_gated_ || k / m_ == row_; }

  /// Potentials of the ends of cell k [V]; both of a cell that is off stand at 0 V.
  double p_end(Eigen::Index k, const Eigen::Ref<const Eigen::VectorXd>& u) const;
  double n_end(Eigen::Index k, const Eigen::Ref<const Eigen::VectorXd>& u) const;
  CellEnds ends(const Eigen::Ref<const Eigen::VectorXd>& u) const;  ///< of all cells
  /// F [A], for cell currents I [A].
  Eigen::VectorXd excess(const Eigen::VectorXd& I, const Eigen::VectorXd& u) const;
  NodePotentials potentials(const Eigen::VectorXd& u) const;
  /// F from the currents that leave the nodes.
  Eigen::VectorXd gather(const NodeCurrents& currents) const;
  /// J = dF/du for slopes dI/dv [S] of the cells; false when it is singular.
  bool factorize(const Eigen::VectorXd& slope) { return nodes_.factorize(slope); }
  /// J^-1 F [V].
  Eigen::VectorXd solve(const Eigen::VectorXd& F) const;
  /// How the two ends of cell k move with `u` [V].
  double p_offset(Eigen::Index k, const Eigen::Ref<const Eigen::VectorXd>& u) const;
  double n_offset(Eigen::Index k, const Eigen::Ref<const Eigen::VectorXd>& u) const;

  /// The largest current of any line, its cells' sum [A].
  double largest_line_current(const Eigen::VectorXd& I) const;
  double largest_source() const { return V_.cwiseAbs().maxCoeff(); }  ///< [V]
  /// What the sources give [W], by Tellegen's theorem.
  double power(const Eigen::VectorXd& I) const { return I.dot(bias_); }

 private:
  Eigen::Index n_, m_;
  bool is_gated_;
  NodalCircuit nodes_;
  int upper_;             ///< node of the first memristor's upper end
  Eigen::VectorXd V_;     ///< the lines' sources, word lines first [V]
  Eigen::VectorXd bias_;  ///< across each cell if the wires took nothing [V]
  Eigen::Index row_ = 0;  ///< whose gates are on
  BiasScheme scheme_;
};

/// Newton's method with the C++ law of the cells, states x, from `u`; false when it finds no
/// solution.
bool solve_pulse_nodes(PulseNodes& nodes,
                       const device::Memristor& law,
                       const Eigen::VectorXd& x,
                       Eigen::VectorXd& u);

/// Currents of all cells [A] under `ends`; 0 of one that is off.
Eigen::VectorXd cell_currents(const PulseNodes& nodes,
                              const device::Memristor& law,
                              const CellEnds& ends,
                              const Eigen::VectorXd& x);
/// Rates dx/dt [1/s] and slopes dI/dv [S] likewise.
Eigen::VectorXd cell_rates(const PulseNodes& nodes,
                           const device::Memristor& law,
                           const CellEnds& ends,
                           const Eigen::VectorXd& x);
Eigen::VectorXd cell_slopes(const PulseNodes& nodes,
                            const device::Memristor& law,
                            const CellEnds& ends,
                            const Eigen::VectorXd& x);

}  // namespace memspice::crossbar
