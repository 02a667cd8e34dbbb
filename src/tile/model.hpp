#pragma once
// What a tile answers to a vector of voltages: one interface for every fidelity.
//
//   ideal       D = Gd^T V                the cells alone, no wires
//   mesh        D = Gd_eff^T V            exact linear response with line resistance
//   calibrated  D = Gd_eff^T f(V)         mesh, and f fitted to ngspice (calibration.hpp)
//   exact       F(V, D) = 0               the non-linear array solved, vector by vector
//   spice       ngspice itself
// D_j = I_2j - I_2j+1 is the differential current of output j.

#include <Eigen/Core>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "mapping/unfold.hpp"

namespace memspice::tile {

using mapping::FloatMatrix;

class Model {
 public:
  virtual ~Model() = default;
  /// V: word_lines x vectors [V] -> D: outputs x vectors [A], resized and overwritten. Const and
  /// safe to call from many threads.
  virtual void respond(const Eigen::Ref<const FloatMatrix>& V, FloatMatrix& D) const = 0;
};

/// Coefficients of f(V) = V + sum_p a_p U (V/U)^p, with U the read voltage. Where cells bend the
/// more or the less they conduct, each has an f of its own:
///   f_ij(V) = f(V) + sum_q (G_eff_ij / G_scale)^q sum_p b_pq U (V/U)^p,  q = 1, 2, ...
struct Calibration {
  double read_voltage = 0.2;            ///< U [V]
  Eigen::VectorXd coefficients;         ///< a_p [1]; empty: f(V) = V
  std::vector<int> powers = {3, 5};     ///< p, rising, >= 1
  Eigen::MatrixXd by_conductance = {};  ///< b_pq, powers x q [1]; empty: all cells alike
  double G_scale = 1.0;                 ///< [S]

  double apply(double v) const noexcept;  ///< f(v) [V]
};

class Array;

/// What a tile's model may be made of; null where the model has no need of it.
struct ModelInputs {
  const Eigen::MatrixXd* G = nullptr;      ///< cells in the plan's form [S]
  const Eigen::MatrixXd* G_eff = nullptr;  ///< the array's linear response in the form of pairs [S]
  const Calibration* calibration = nullptr;
  const Array* array = nullptr;  ///< that the tile becomes, its open lines cut off
};

/// A model as fidelities, calibration and reports know it.
struct ModelKind {
  std::string_view name;     ///< of the fidelity, and in every report: "mesh"
  std::string_view meaning;  ///< what it adds, in a few words: "with line resistance, exact"
  std::string_view tiles;    ///< what an accuracy on it is of: "line resistance exact"
  bool needs_response = false, needs_calibration = false;
  bool needs_law = false;  ///< of the cells: a user's own subcircuit has none that we know
  std::unique_ptr<Model> (*make)(const ModelInputs& inputs) = nullptr;
  /// What the model answers in double precision, to be judged by: D for V, word lines x vectors
  /// [V].
  Eigen::MatrixXd (*answer)(const ModelInputs& inputs, const Eigen::MatrixXd& V) = nullptr;
};

/// All models, each adding an imperfection to the one before: the order of passes and reports.
std::span<const ModelKind> model_kinds() noexcept;
/// Null for a name that is none of theirs.
const ModelKind* find_model(std::string_view name) noexcept;

/// G_eff (G_eff / G_scale)^q, cell by cell [S].
Eigen::MatrixXd weighed_by_conductance(const Eigen::MatrixXd& G_eff, double G_scale, int q);

/// D = Gd^T V in double precision: outputs x vectors [A]. G: in the form of pairs [S].
Eigen::MatrixXd respond(const Eigen::MatrixXd& G, const Eigen::MatrixXd& V);

std::unique_ptr<Model> make_ideal(const Eigen::MatrixXd& G);
std::unique_ptr<Model> make_mesh(const Eigen::MatrixXd& G_eff);
std::unique_ptr<Model> make_calibrated(const Eigen::MatrixXd& G_eff,
                                       const Calibration& calibration);

}  // namespace memspice::tile
