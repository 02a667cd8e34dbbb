#pragma once
// All lines of one direction (word lines or bit lines) as tridiagonal systems that are solved at
// once. Node k of line l stands at [k * n_lines + l].
//
// Wires of 0 Ohm make a line one node: its unknown is repeated at all its nodes, and the currents
// that leave its nodes count as one sum. A line that a terminal of 0 Ohm holds has no unknown: its
// offset is 0.

#include <vector>

#include "crossbar/line_kernels.hpp"

namespace memspice::crossbar {

class Lines {
 public:
  /// R_wire [Ohm]; R_first, R_last: per line, from its reference to its first and last node,
  /// infinity for none.
  Lines(int n_nodes,
        double R_wire,
        const std::vector<double>& R_first,
        const std::vector<double>& R_last);

  int size() const { return shape_.n_lines * shape_.n_nodes; }
  const LineShape& shape() const { return shape_; }

  /// Takes the cells' slopes D [S] into T = wires + terminals + diag(D); false when T is not
  /// positive definite.
  bool factorize(const double* D);

  /// x <- T^-1 x.
  void solve(double* x) const;

  /// excess <- excess + currents that leave the nodes by wires and terminals [A], for offsets u.
  void add_wire_currents(const double* u, double* excess) const;

  /// Squared norm of currents that should vanish: node by node, or line by line without wire.
  double squared_norm(const double* excess) const;

  /// Squared norm of what one rounding of each offset changes in add_wire_currents.
  double squared_rounding(const double* u) const;

 private:
  bool factorize_wired(const double* D);
  bool factorize_ideal(const double* D);
  bool is_ideal() const { return g_ == 0.0; }

  LineShape shape_;
  double g_;                              ///< wire [S]; 0 stands for ideal wire
  std::vector<double> g_first_, g_last_;  ///< terminals [S], infinite where they hold the line
  std::vector<double> inverse_pivot_;     ///< per node; per line where wires are ideal
};

}  // namespace memspice::crossbar
