#pragma once
// The unselected lines of an array under write pulses: what crossbar/cross_array.hpp solves the
// selected lines against.

#include <Eigen/Core>
#include <map>
#include <memory>
#include <vector>

#include "crossbar/array.hpp"
#include "crossbar/lines.hpp"
#include "crossbar/pulsed_array.hpp"

namespace memspice::crossbar {

/// The array with every line unselected, per volt of amplitude; all n_word_lines x n_bit_lines.
struct Background {
  Eigen::MatrixXd word = {}, bit = {};  ///< node offsets from the lines' sources [V/V]
  Eigen::MatrixXd voltage = {};         ///< across each cell [V/V]
  Eigen::MatrixXd current = {};         ///< of each cell [A/V]
  Eigen::MatrixXd R_word = {},
                  R_bit = {};  ///< what a line shows at each node, loaded by its cells [Ohm]
  /// Dissipated by all cells, by each row's and by each column's [W/V^2].
  double power = 0.0;
  Eigen::VectorXd row_power = {}, column_power = {};
};

/// Solves backgrounds on demand and keeps them until the array has changed.
class BackgroundSolver {
 public:
  /// `spec.cell` must outlive this.
  BackgroundSolver(const PulsedArraySpec& spec, const Array& array);

  /// For pulses of amplitude `A` [V] on cells of states `x`.
  const Background& at(double A, const Eigen::MatrixXd& x);
  /// The states have moved: solve anew from now on.
  void forget() { known_.clear(); }

 private:
  Background solve(double A, const Eigen::MatrixXd& x) const;
  void solve_nodes(double A, const Eigen::MatrixXd& x, Background& background) const;
  void find_line_resistances(const Eigen::MatrixXd& slope, Background& background) const;
  long key_of(double A) const;

  PulsedArraySpec spec_;
  Array array_;
  std::map<long, Background> known_;
};

}  // namespace memspice::crossbar
