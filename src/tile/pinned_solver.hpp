#pragma once
// Tiles solved by ngspice without a mesh: start from our own solution, let ngspice evaluate what is
// left over at every node, correct by Newton's method until the certificate is below the tolerance.

#include <Eigen/Core>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "crossbar/cell_law.hpp"
#include "engine/engine.hpp"
#include "synthesis/pinned_tile.hpp"
#include "tile/certificate.hpp"

namespace memspice::tile {

/// One tile, what drives it, and where to start. Columns are points.
struct PinnedProblem {
  std::string name;  ///< for messages
  synthesis::PinnedTile tile;
  Eigen::MatrixXd V_drive;  ///< driven lines x points [V]
  Eigen::MatrixXd V_gate;   ///< word lines x points [V]; empty: cells have no gate
  double gate_on = 0.0;     ///< that opens a cell [V]
  /// Node voltages to start from, per point: n_word_lines x n_bit_lines [V].
  std::vector<Eigen::MatrixXd> V_word, V_bit;
  Eigen::MatrixXd G;  ///< of the memristors [S]
  crossbar::Wiring wiring;
  crossbar::SourceLine source_line = crossbar::SourceLine::Shared;
  /// The cells' law; null: it is known to ngspice alone, and conductances come from differences.
  std::shared_ptr<const crossbar::CellLaw> law;
  /// Whether the law is ours and rises everywhere, so that no ladder of voltages needs to show it.
  bool rises_by_law = false;
};

struct PinnedOptions {
  /// On the bound, as a share of the tile's largest output current. Near 1e-10 the rounding of the
  /// wires' currents is met (METHODS 10); a bound that rounding holds up is accepted as it is.
  double tolerance = 1e-9;
  int most_corrections = 20;
  int jobs = 0;  ///< threads of our own part; 0: all cores
};

struct PinnedSolution {
  Eigen::MatrixXd I;  ///< bit lines x points [A], leaving into the senses; empty on failure
  Certificate certificate;
  engine::Summary summary;  ///< seconds: of ngspice, all pieces and rounds together
  bool ok() const noexcept { return summary.termination == engine::Termination::Done; }
};

/// Called as each tile ends, with its index: what is kept then outlives a later interrupt.
using OnSolved = std::function<void(std::size_t, const PinnedSolution&)>;

/// Solves all tiles together, so that their pieces share the workers. A tile that fails (no
/// convergence, a lost worker) has a summary that says so; never an exception but Interrupted.
std::vector<PinnedSolution> solve_pinned(std::span<const PinnedProblem> problems,
                                         engine::Engine& engine,
                                         const PinnedOptions& options = {},
                                         const OnSolved& on_solved = {});

}  // namespace memspice::tile
