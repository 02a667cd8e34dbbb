#pragma once
// The nodes of an array whose lines have capacitance (charging.hpp): what cells, wires and
// capacitors take from them, and Newton's matrix of it.
//
// Vectors "of all nodes": word-line nodes i * n_bit_lines + j, then bit-line nodes likewise. Nodes
// that a terminal holds through 0 Ohm follow it.

#include <Eigen/Core>
#include <algorithm>

#include "crossbar/array.hpp"
#include "crossbar/cell_law.hpp"
#include "crossbar/nodal_circuit.hpp"

namespace memspice::crossbar {

/// Of all nodes at one time.
struct NodeMotion {
  Eigen::VectorXd v;     ///< [V]
  Eigen::VectorXd rate;  ///< dv/dt [V/s]
};

/// What the array gives and takes at one time.
struct TerminalCurrents {
  Eigen::VectorXd drivers;  ///< into each word line [A]
  Eigen::VectorXd outputs;  ///< out of each bit line [A]
};

class ChargingNodes {
 public:
  /// V: what the word lines' drivers go to, `rise` [s] long in proportion; line_capacitance: of a
  /// segment, at every node [F]. `law` and `V` must outlive it.
  ChargingNodes(const Eigen::MatrixXd& G,
                const CellLaw& law,
                const Wiring& wiring,
                const Eigen::VectorXd& V,
                double line_capacitance,
                double rise);

  Eigen::Index count() const { return 2 * n_ * m_; }
  /// Of V that the drivers have reached [1].
  double share(double t) const { return std::min(t / rise_, 1.0); }
  /// Sets the nodes that a terminal holds.
  void hold(double t, NodeMotion& motion) const;
  TerminalCurrents terminals(const NodeMotion& motion) const;

  /// Of the cells' slopes at v and of C `per_time` [1/s] at every node; false when it is singular.
  bool factorize(const Eigen::VectorXd& v, double per_time);
  /// J^-1 of what the nodes have too much at `t` [V]; 0 at nodes that are held.
  Eigen::VectorXd solve_excess(const NodeMotion& motion, double t) const;
  /// J^-1 of capacitors' currents at these rates [V].
  Eigen::VectorXd solve_charging(const Eigen::VectorXd& rate) const;

 private:
  int unknown(Eigen::Index node) const { return circuit_.unknown(static_cast<int>(node)); }
  Eigen::VectorXd cell_currents(const Eigen::VectorXd& v, Eigen::VectorXd* slope) const;
  Eigen::VectorXd solve(const Eigen::VectorXd& excess) const;

  Eigen::Index n_, m_;
  const CellLaw& law_;
  const Eigen::VectorXd& V_;
  double C_, rise_;
  Eigen::VectorXd G_;  ///< word line by word line
  NodalCircuit circuit_;
};

}  // namespace memspice::crossbar
