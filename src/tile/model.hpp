#pragma once
// What a tile answers to a vector of voltages: one interface for every fidelity.
//
//   ideal       D = Gd^T V                the cells alone, no wires
//   mesh        D = Gd_eff^T V            exact linear response with line resistance
//   calibrated  D = Gd_eff^T f(V)         mesh, and f fitted to ngspice (calibration.hpp)
//   spice       ngspice itself
// D_j = I_2j - I_2j+1 is the differential current of output j.

#include <Eigen/Core>
#include <memory>
#include <string_view>
#include <vector>

#include "crossbar/crossbar.hpp"
#include "mapping/unfold.hpp"

namespace memspice::tile {

using mapping::FloatMatrix;

class Model {
 public:
  virtual ~Model() = default;
  virtual std::string_view kind() const noexcept = 0;

  /// V: word_lines x vectors [V] -> D: outputs x vectors [A], resized and overwritten. Const and
  /// safe to call from many threads.
  virtual void respond(const Eigen::Ref<const FloatMatrix>& V, FloatMatrix& D) const = 0;
};

/// Coefficients of f(V) = V + sum_p a_p U (V/U)^p, with U the read voltage.
struct Calibration {
  double read_voltage = 0.2;         ///< U [V]
  Eigen::VectorXd coefficients;      ///< a_p [1]; empty: f(V) = V
  std::vector<int> powers = {3, 5};  ///< p, rising, >= 1

  double apply(double v) const noexcept;  ///< f(v) [V]
};

/// G: word_lines x bit_lines [S], pairs of neighbouring columns.
std::unique_ptr<Model> make_ideal(const Eigen::MatrixXd& G);
/// G_eff: the array's exact linear response (crossbar::solve_response).
std::unique_ptr<Model> make_mesh(const Eigen::MatrixXd& G_eff);
std::unique_ptr<Model> make_calibrated(const Eigen::MatrixXd& G_eff,
                                       const Calibration& calibration);

}  // namespace memspice::tile
