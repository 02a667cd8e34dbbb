#pragma once
// The array that tiles become: its wires, cells, topology and inputs in one value, which whoever
// characterizes, simulates, programs, exports or prices a tile asks.
//
// The plan holds pairs: output j is column 2j less column 2j+1, G is what a read of the whole cell
// shows at the read voltage (write-verify reads through the access device). Every answer comes back
// in the plan's form, so that no model knows a topology.

#include <Eigen/Core>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.hpp"
#include "mapping/tile_plan.hpp"
#include "synthesis/network_draft.hpp"
#include "synthesis/tile_circuit.hpp"
#include "tile/array_spec.hpp"
#include "tile/input_form.hpp"

namespace memspice::tile {

class Store;
struct PinnedProblem;
struct StoredResponses;

/// What the array's lines are held at, point by point [V].
struct ArrayDrive {
  Eigen::MatrixXd V;     ///< driven lines x points: word lines, or source lines along bit lines
  Eigen::MatrixXd gate;  ///< word lines x points where the input switches gates; else empty
};

class Array {
 public:
  /// Throws InputError for an alpha that is out of range.
  explicit Array(ArraySpec spec = {});

  const ArraySpec& spec() const noexcept { return spec_; }
  const crossbar::Wiring& wiring() const noexcept { return spec_.wiring; }
  const crossbar::Topology& topology() const noexcept { return *topology_; }
  const InputForm& input() const noexcept { return *input_; }
  bool has_access() const noexcept { return spec_.access.index() != 0; }
  /// Whether we know the cells' law; a user's own subcircuit is known to ngspice alone.
  bool has_law() const noexcept { return spec_.cell == nullptr; }
  bool is_linear() const noexcept { return spec_.alpha == 0.0 && spec_.cell == nullptr; }
  /// The powers of V/U that its currents need beyond the linear response, rising.
  std::vector<int> powers() const;
  /// How many of each power: one where a cell's current is its conductance times a function of the
  /// voltage, else one more that weighs it by the conductance.
  int conductance_terms() const;

  /// The same with a tile's open lines cut off.
  Array connected(const mapping::Tile& tile) const;

  // In all that follows G is the plan's, n_inputs x 2 n_outputs [S], and V its inputs, n_inputs x
  // vectors [V].

  /// G as its cells lie in the array, whole cells as they read: lines of the array [S].
  Eigen::MatrixXd cells(const Eigen::MatrixXd& G) const;
  /// The memristors of those cells [S]. Throws InputError when an access device cannot carry a
  /// cell's current.
  Eigen::MatrixXd memristors(const Eigen::MatrixXd& G) const;
  /// The way back, line by line: what a read of each whole cell shows of its memristor [S].
  Eigen::MatrixXd whole_cells(const Eigen::MatrixXd& memristors) const;

  /// The linear response in the plan's form [S]. Source lines along the bit lines: every cell's
  /// share when all gates are on.
  Eigen::MatrixXd response(const Eigen::MatrixXd& G) const;
  /// The same for many tiles on at most `jobs` threads (0: all cores), through the store (null:
  /// none) where the array is an ordinary one.
  StoredResponses responses(Store* store, TileCells G, int jobs, const OnDone& done = {}) const;
  /// Our own non-linear solution: the array's bit lines x vectors [A]. memristors: as the function
  /// of that name gives them. Throws RunError when a vector's solution does not converge.
  Eigen::MatrixXd solve(const Eigen::MatrixXd& memristors, const Eigen::MatrixXd& V) const;
  /// Power of a tile, mean over the vectors of V [W].
  double power(const Eigen::MatrixXd& G, const Eigen::MatrixXd& V) const;

  /// The circuit of a tile, its memristors such that the whole cells read as G.
  synthesis::TileSpec circuit(const std::string& name, const Eigen::MatrixXd& G) const;
  /// What a network's circuit makes its crossbars of, each with its tile's open lines cut off.
  synthesis::ArrayMake make() const;
  ArrayDrive drive(const Eigen::MatrixXd& V, Eigen::Index n_bit_lines) const;
  /// The array of a tile and what drives it, InputForm::points_per_vector points a vector; of a
  /// user's dynamic cells some states are probed after the bit lines (not in a hierarchical deck).
  synthesis::TileBench bench(const std::string& name,
                             const Eigen::MatrixXd& G,
                             const Eigen::MatrixXd& V,
                             bool hierarchical = false) const;
  /// The same array with every node held, and our own solution of it to start from (see
  /// tile/pinned_solver.hpp).
  PinnedProblem pinned_problem(const std::string& name,
                               const Eigen::MatrixXd& G,
                               const Eigen::MatrixXd& V) const;

  /// Values that a bench gave (points x bit lines [A]) as currents of its vectors: bit lines of the
  /// array x vectors [A].
  Eigen::MatrixXd currents(const Eigen::MatrixXd& values) const;
  /// The same of a bench's waveforms, once the states that it probed are found to be those that the
  /// conductances need; throws RunError naming tile and cell when one is not.
  Eigen::MatrixXd currents(const engine::Waveforms& waveforms,
                           const std::string& name,
                           const Eigen::MatrixXd& G) const;
  /// Differential currents of them, outputs x vectors [A].
  Eigen::MatrixXd outputs(const Eigen::MatrixXd& I) const { return topology_->outputs(I); }

 private:
  ArrayDrive held_at(crossbar::LineDrive lines) const;

  ArraySpec spec_;
  std::shared_ptr<const crossbar::Topology> topology_;
  std::shared_ptr<const InputForm> input_;
  std::shared_ptr<const crossbar::CellLaw> law_;  ///< the access device included
};

/// The responses of a layer's cells in the plan's form, [block][tile], open lines cut off [S].
using LayerResponses = std::vector<std::vector<Eigen::MatrixXd>>;
LayerResponses layer_responses(const Array& array, const mapping::LayerPlan& cells, int jobs);

}  // namespace memspice::tile
