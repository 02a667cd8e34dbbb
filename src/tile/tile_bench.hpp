#pragma once
// A tile of the plan as the array that its topology makes of it, and the way back.
//
// The plan holds pairs: output j is column 2j less column 2j+1, G is what a read of the whole cell
// shows at the read voltage (write-verify reads through the access device).
//
//   pairs   NeighbouringBitLines  the plan's columns are the bit lines
//           SharedBitLine         word lines 2i (+V_i) and 2i+1 (-V_i), bit line j is output j
//   input   amplitude             word line i at V_i
//           pulses                word line i at +-U or 0, bit after bit: I = sum_b 2^b I_b /
//                                 (2^B - 1), B = pulse_bits; the only input of gates, and the one
//                                 that a selector lets through
//
// Every response comes back in the plan's form, so that no model knows a topology.

#include <Eigen/Core>
#include <span>
#include <string>

#include "netlist/deck.hpp"
#include "synthesis/tile_circuit.hpp"
#include "tile/characterization.hpp"
#include "tile/pinned_solver.hpp"
#include "tile/stored_response.hpp"

namespace memspice::tile {

/// V as the input can carry it: with pulses rounded to the 2^B - 1 steps of the read voltage.
Eigen::MatrixXd carried_inputs(const Eigen::MatrixXd& V, const ArrayPhysics& physics);

/// G as its cells lie in the array, whole cells as they read: lines of the array [S].
Eigen::MatrixXd array_cells(const Eigen::MatrixXd& G, const ArrayPhysics& physics);

/// The array of a tile, its memristors such that the whole cells read as G.
synthesis::TileSpec array_spec(const std::string& name,
                               const Eigen::MatrixXd& G,
                               const ArrayPhysics& physics);

/// What the array's lines are held at, point by point [V].
struct ArrayDrive {
  Eigen::MatrixXd V;     ///< driven lines x points: word lines, or source lines along bit lines
  Eigen::MatrixXd gate;  ///< word lines x points where the input switches gates; else empty
};
/// V: word lines of the plan x vectors [V]; n_bit_lines: of the array. With pulses each vector
/// becomes pulse_bits points.
ArrayDrive drive_array(const Eigen::MatrixXd& V,
                       Eigen::Index n_bit_lines,
                       const ArrayPhysics& physics);

/// The array of a tile and what drives it; of a user's dynamic cells some states are probed after
/// the bit lines (not in a hierarchical deck). V: word lines of the plan x vectors [V]; with pulses
/// each vector becomes pulse_bits points.
synthesis::TileBench build_bench(const std::string& name,
                                 const Eigen::MatrixXd& G,
                                 const Eigen::MatrixXd& V,
                                 const ArrayPhysics& physics,
                                 bool hierarchical = false);

/// The same array with every node held, and our own solution of it to start from (see
/// tile/pinned_solver.hpp). What it gives is gathered as build_bench's values are.
PinnedProblem build_pinned_problem(const std::string& name,
                                   const Eigen::MatrixXd& G,
                                   const Eigen::MatrixXd& V,
                                   const ArrayPhysics& physics);

/// The engine's values (points x bit lines of the array [A]) as currents of the vectors: bit lines
/// of the array x vectors [A].
Eigen::MatrixXd gather(const Eigen::MatrixXd& values, const ArrayPhysics& physics);

/// The same of build_bench's waveforms for this tile, once the states that it probed are found to
/// be those that the conductances need; throws RunError naming tile and cell when one is not.
Eigen::MatrixXd gather(const engine::Waveforms& waveforms,
                       const std::string& name,
                       const Eigen::MatrixXd& G,
                       const ArrayPhysics& physics);

/// Differential currents, outputs x vectors, of gathered currents.
Eigen::MatrixXd differential(const Eigen::MatrixXd& I, const ArrayPhysics& physics);

/// The linear response in the plan's form, n_word_lines x n_bit_lines [S]. Source lines along the
/// bit lines: every cell's share when all gates are on.
Eigen::MatrixXd solve_tile_response(const Eigen::MatrixXd& G, const ArrayPhysics& physics);

/// The same for many tiles through the store (null: none) where the array is an ordinary one.
StoredResponses solve_tile_responses(Store* store,
                                     std::span<const Eigen::MatrixXd> G,
                                     const ArrayPhysics& physics,
                                     int jobs);

/// Power of a tile, mean over the vectors of V [W].
double mean_power(const Eigen::MatrixXd& G, const Eigen::MatrixXd& V, const ArrayPhysics& physics);

}  // namespace memspice::tile
