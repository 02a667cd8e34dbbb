#pragma once
// Voltages and currents of all pins of one tile, and the tile's pieces as requests to ngspice.

#include <Eigen/Core>
#include <optional>
#include <span>
#include <vector>

#include "engine/pinned.hpp"
#include "tile/pinned_solver.hpp"

namespace memspice::tile {

/// One deck per piece; `scale`: the largest voltage that will be asked [V].
std::vector<engine::PinnedDeck> write_pieces(const synthesis::PinnedTile& tile, double scale);

/// X (pins x points [V]) as one request per piece. `decks`, of write_pieces, must outlive them.
std::vector<engine::PinnedPoints> piece_requests(const synthesis::PinnedTile& tile,
                                                 const std::vector<engine::PinnedDeck>& decks,
                                                 const Eigen::MatrixXd& X);

/// What leaves each pin into all pieces, pins x points [A]; none where a piece failed. `summary`
/// then says how; the pieces' seconds are added to it.
std::optional<Eigen::MatrixXd> pin_currents(const synthesis::PinnedTile& tile,
                                            std::span<const engine::PinnedCurrents> answers,
                                            Eigen::Index points,
                                            engine::Summary& summary);

/// Pins x points [V]: terminals as driven, nodes where the problem starts.
Eigen::MatrixXd starting_voltages(const PinnedProblem& problem);

/// The nodes without a cell between a terminal and the first wire, with what joins them.
class TerminalNodes {
 public:
  explicit TerminalNodes(const synthesis::PinnedTile& tile);
  /// Sets them to where no current is left, between their neighbours' voltages.
  void relax(Eigen::Ref<Eigen::VectorXd> x) const;

 private:
  struct Joined {
    int node, neighbour;
    double share;  ///< of the node's conductance
  };
  std::vector<Joined> joined_;
};

/// Every cell under each of `steps` + 1 voltages from `low` to `high`, its bit-line end at 0 V and
/// its gate open: pins x points [V].
Eigen::MatrixXd ladder(const PinnedProblem& problem, double low, double high, int steps);

/// Lowest and highest voltage across any cell, 0 included.
std::pair<double, double> cell_voltage_range(const synthesis::PinnedTile& tile,
                                             const Eigen::MatrixXd& X);

}  // namespace memspice::tile
