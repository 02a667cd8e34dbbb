#pragma once
// Any resistive circuit of wires, cells and held nodes, solved by sparse Cholesky factorisation.
// The general way: it takes every topology, zero resistance, open cell and floating part exactly.
//
// Voltages are kept as offsets u = v - V_ref, where V_ref is the voltage that a node's line is
// driven to (0 on bit lines). Wire currents are differences of offsets, which are small where
// wires are good, so that Kirchhoff's law holds to rounding even for tiny wire resistances.

#include <Eigen/Core>
#include <Eigen/SparseCholesky>
#include <Eigen/SparseCore>
#include <memory>
#include <vector>

namespace memspice::crossbar {

constexpr int ground = -1;  ///< the source that is 0 V

/// Describes a circuit node by node; nodes are numbered by the caller.
class NodalCircuit {
 public:
  /// n_sources: rows of the inputs that `solve` takes.
  NodalCircuit(int n_nodes, int n_sources);

  /// The source whose voltage the node's offset is counted from; ground unless set. All nodes
  /// that wires join must have the same.
  void set_reference(int node, int source);
  /// The node is its reference source itself.
  void hold(int node);
  /// R [Ohm]: 0 makes the two nodes one, infinity leaves them apart.
  void add_wire(int a, int b, double R);
  /// Cells are numbered in the order they are added; current counts from a to b.
  void add_cell(int a, int b);

  /// Numbers the unknowns. Parts that nothing holds through wires and cells with G > 0 float:
  /// their offset is 0 and they carry no current.
  void finish(const Eigen::VectorXd& G);

  Eigen::Index n_unknowns() const { return n_unknowns_; }
  /// Which unknown a node's offset is; -1: none.
  int unknown(int node) const { return unknown_[node]; }
  /// Offset of a node [V] from the unknowns.
  double offset(int node, const Eigen::Ref<const Eigen::VectorXd>& u) const;
  /// Voltage across each cell [V] for inputs V [V] and unknowns u [V].
  Eigen::VectorXd cell_voltages(const Eigen::VectorXd& V, const Eigen::VectorXd& u) const;
  /// Sum of currents that leave each unknown node [A], for given cell currents [A].
  Eigen::VectorXd excess_current(const Eigen::VectorXd& I_cell, const Eigen::VectorXd& u) const;
  /// Factorises the conductance matrix for the cells' slopes dI/dv [S]; false when it is singular.
  bool factorize(const Eigen::VectorXd& slope);
  Eigen::MatrixXd solve(const Eigen::MatrixXd& excess) const { return factor_->solve(excess); }
  /// Right-hand side per vector for ohmic cells: A u = rhs.
  Eigen::VectorXd ohmic_excess(const Eigen::VectorXd& G, const Eigen::VectorXd& V) const;

 private:
  struct Branch {
    int a, b;
    double G;
  };
  int root(int node) const;
  std::vector<char> find_held(const Eigen::VectorXd& G) const;

  int n_sources_;
  mutable std::vector<int> parent_;
  std::vector<int> reference_;
  std::vector<char> held_;
  std::vector<Branch> wires_;
  std::vector<Branch> cells_;
  std::vector<int> unknown_;
  Eigen::Index n_unknowns_ = 0;
  Eigen::SparseMatrix<double> matrix_;
  using Factor = Eigen::SimplicialLDLT<Eigen::SparseMatrix<double>>;
  std::unique_ptr<Factor> factor_;  ///< null until the first factorisation
};

}  // namespace memspice::crossbar
