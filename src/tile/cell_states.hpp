#pragma once
// The states of a user's dynamic cells during a static measurement: probed beside the currents, and
// held to what the card says of each cell.

#include <Eigen/Core>
#include <string>

#include "engine/engine.hpp"
#include "synthesis/tile_circuit.hpp"
#include "tile/own_cell.hpp"

namespace memspice::tile {

/// Adds probes of the states of some cells, spread over the array, after those of the bit lines.
/// Nothing where `own` is null (no user's cell), have no port for their state, or no x_init.
void probe_states(synthesis::TileBench& bench, const Eigen::MatrixXd& cells, const OwnCell* own);

/// `cells` with all but those open whose states are probed; empty where none is. For arrays whose
/// own circuit shows no state, because it is solved in pieces.
Eigen::MatrixXd state_excerpt(const Eigen::MatrixXd& cells, const OwnCell* own);

/// The values of the bit lines alone: points x bit lines [A]. `cells` as in probe_states. Throws
/// RunError naming tile and cell when a probed state is not the x_init that its conductance needs.
Eigen::MatrixXd without_states(const engine::Waveforms& waveforms,
                               const std::string& tile,
                               const Eigen::MatrixXd& cells,
                               const OwnCell* own);

}  // namespace memspice::tile
