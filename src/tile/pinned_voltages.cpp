#include "tile/pinned_voltages.hpp"

#include <algorithm>
#include <limits>

#include "base/hash.hpp"

namespace memspice::tile {
namespace {

using synthesis::PinnedTile;
using Role = PinnedTile::Role;

/// ngspice's tolerances for pinned pieces. The current of a pin is a difference of wire currents,
/// so that `abstol` must stay above their rounding: below it ngspice never finds two iterates alike
/// and ends in gmin stepping. gmin adds its own current at every node. Cells' inner nodes converge
/// quadratically: reltol and vntol only say when to stop.
circuit::Accuracy accuracy_for(const PinnedTile& tile, double scale) {
  double G_wire = 0.0;
  for (const PinnedTile::Wire& wire : tile.wires) G_wire = std::max(G_wire, wire.G);
  const double rounding = std::numeric_limits<double>::epsilon() * scale * G_wire;
  return {.reltol = 1e-9,
          .abstol = std::max(1e-15, 16.0 * rounding),
          .vntol = 1e-12,
          .gmin = 1e-20,
          .iterations = 200};
}

double level_of(const PinnedTile::Pin& pin, const PinnedProblem& problem, Eigen::Index point) {
  switch (pin.role) {
    case Role::Driver:
      return problem.V_drive(pin.line, point);
    case Role::Gate:
      return problem.V_gate.size() == 0 ? problem.gate_on : problem.V_gate(pin.line, point);
    default:
      return 0.0;
  }
}

/// Sets the pins of one side of all cells.
void set_nodes(const PinnedTile& tile,
               const Eigen::MatrixXi& pin,
               const Eigen::MatrixXd& V,
               Eigen::Ref<Eigen::VectorXd> x) {
  for (Eigen::Index j = 0; j < pin.cols(); ++j) {
    for (Eigen::Index i = 0; i < pin.rows(); ++i) {
      if (pin(i, j) < 0) continue;
      const bool is_node = tile.pins[static_cast<std::size_t>(pin(i, j))].role == Role::Node;
      if (is_node) x[pin(i, j)] = V(i, j);
    }
  }
}

std::vector<char> pins_of_cells(const PinnedTile& tile) {
  std::vector<char> marked(tile.pins.size(), 0);
  for (const Eigen::MatrixXi* side : {&tile.word_pin, &tile.bit_pin}) {
    for (const int pin : side->reshaped()) {
      if (pin >= 0) marked[static_cast<std::size_t>(pin)] = 1;
    }
  }
  return marked;
}

}  // namespace

std::vector<engine::PinnedDeck> write_pieces(const PinnedTile& tile, double scale) {
  circuit::Analysis analysis{.type = circuit::ExternalSweep{},
                             .accuracy = accuracy_for(tile, scale)};
  std::vector<engine::PinnedDeck> decks;
  for (const circuit::Piece& piece : tile.pieces) {
    analysis.probes.clear();
    for (const int pin : piece.held) {
      analysis.probes.push_back({circuit::Probe::Kind::SourceCurrent, circuit::pin_name(pin)});
    }
    netlist::Deck deck = netlist::write_deck(piece.circuit, analysis);
    std::string key = sha256(deck.text);
    decks.push_back({std::move(key), std::move(deck)});
  }
  return decks;
}

std::vector<engine::PinnedPoints> piece_requests(const PinnedTile& tile,
                                                 const std::vector<engine::PinnedDeck>& decks,
                                                 const Eigen::MatrixXd& X) {
  std::vector<engine::PinnedPoints> requests;
  for (std::size_t p = 0; p < decks.size(); ++p) {
    const std::vector<int>& held = tile.pieces[p].held;
    Eigen::MatrixXd V(static_cast<Eigen::Index>(held.size()), X.cols());
    for (Eigen::Index k = 0; k < V.rows(); ++k) V.row(k) = X.row(held[static_cast<std::size_t>(k)]);
    requests.push_back({&decks[p], std::move(V)});
  }
  return requests;
}

std::optional<Eigen::MatrixXd> pin_currents(const PinnedTile& tile,
                                            std::span<const engine::PinnedCurrents> answers,
                                            Eigen::Index points,
                                            engine::Summary& summary) {
  Eigen::MatrixXd F = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(tile.pins.size()), points);
  for (std::size_t p = 0; p < answers.size(); ++p) {
    summary.seconds += answers[p].summary.seconds;
    summary.attempts = std::max(summary.attempts, answers[p].summary.attempts);
    if (!answers[p].ok()) {
      summary.termination = answers[p].summary.termination;
      summary.message = answers[p].summary.message;
      summary.saved_deck = answers[p].summary.saved_deck;
      return std::nullopt;
    }
    const std::vector<int>& held = tile.pieces[p].held;
    for (Eigen::Index k = 0; k < answers[p].I.rows(); ++k) {
      F.row(held[static_cast<std::size_t>(k)]) += answers[p].I.row(k);
    }
  }
  return F;
}

TerminalNodes::TerminalNodes(const PinnedTile& tile) {
  const std::vector<char> has_cell = pins_of_cells(tile);
  const auto is_between = [&](int pin) {
    const auto at = static_cast<std::size_t>(pin);
    return tile.pins[at].role == Role::Node && has_cell[at] == 0;
  };
  std::vector<double> G(tile.pins.size(), 0.0);
  for (const PinnedTile::Wire& wire : tile.wires) {
    for (const auto& [node, neighbour] : {std::pair(wire.a, wire.b), std::pair(wire.b, wire.a)}) {
      if (!is_between(node)) continue;
      joined_.push_back({node, neighbour, wire.G});
      G[static_cast<std::size_t>(node)] += wire.G;
    }
  }
  for (Joined& joined : joined_) joined.share /= G[static_cast<std::size_t>(joined.node)];
}

void TerminalNodes::relax(Eigen::Ref<Eigen::VectorXd> x) const {
  for (const Joined& joined : joined_) x[joined.node] = 0.0;
  for (const Joined& joined : joined_) x[joined.node] += joined.share * x[joined.neighbour];
}

Eigen::MatrixXd starting_voltages(const PinnedProblem& problem) {
  const PinnedTile& tile = problem.tile;
  const TerminalNodes terminal_nodes(tile);
  Eigen::MatrixXd X(static_cast<Eigen::Index>(tile.pins.size()), problem.V_drive.cols());
  for (Eigen::Index point = 0; point < X.cols(); ++point) {
    for (Eigen::Index k = 0; k < X.rows(); ++k) {
      X(k, point) = level_of(tile.pins[static_cast<std::size_t>(k)], problem, point);
    }
    const auto at = static_cast<std::size_t>(point);
    set_nodes(tile, tile.word_pin, problem.V_word[at], X.col(point));
    set_nodes(tile, tile.bit_pin, problem.V_bit[at], X.col(point));
    terminal_nodes.relax(X.col(point));
  }
  return X;
}

Eigen::MatrixXd ladder(const PinnedProblem& problem, double low, double high, int steps) {
  const PinnedTile& tile = problem.tile;
  Eigen::MatrixXd X = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(tile.pins.size()), steps + 1);
  for (int step = 0; step <= steps; ++step) {
    for (const int pin : tile.word_pin.reshaped()) {
      if (pin >= 0) X(pin, step) = low + (high - low) * step / steps;
    }
    for (Eigen::Index k = 0; k < X.rows(); ++k) {
      if (tile.pins[static_cast<std::size_t>(k)].role == Role::Gate) X(k, step) = problem.gate_on;
    }
  }
  return X;
}

std::pair<double, double> cell_voltage_range(const PinnedTile& tile, const Eigen::MatrixXd& X) {
  double low = 0.0, high = 0.0;
  for (Eigen::Index cell = 0; cell < tile.is_cell.size(); ++cell) {
    if (tile.is_cell(cell) == 0) continue;
    const auto v = X.row(tile.word_pin(cell)) - X.row(tile.bit_pin(cell));
    low = std::min(low, v.minCoeff());
    high = std::max(high, v.maxCoeff());
  }
  return {low, high};
}

}  // namespace memspice::tile
