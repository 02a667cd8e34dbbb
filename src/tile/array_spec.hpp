#pragma once
// What an array is made of: the figures that a flow, a bench or a test gives.

#include <Eigen/Core>
#include <functional>
#include <memory>
#include <span>

#include "crossbar/topology.hpp"
#include "device/access.hpp"
#include "tile/own_cell.hpp"

namespace memspice::tile {

/// The cells of many tiles, each in the plan's form [S].
using TileCells = std::span<const Eigen::MatrixXd* const>;
/// Called after each of many, from any thread.
using OnDone = std::function<void()>;

/// What an array is made of.
struct ArraySpec {
  crossbar::Wiring wiring = {};
  double alpha = 0.0;         ///< cells I = G sinh(alpha v)/alpha [1/V]
  double read_voltage = 0.2;  ///< [V]
  /// Cells of a user's own subcircuit in SPICE, instead of the static read model; then alpha serves
  /// estimates of power alone. null: the static read model.
  std::shared_ptr<const OwnCell> cell = nullptr;
  device::Access access = {};  ///< in series with each memristor
  crossbar::PairLayout pairs = crossbar::PairLayout::NeighbouringBitLines;
  crossbar::SourceLine source_line = crossbar::SourceLine::Shared;
  int pulse_bits = 0;  ///< inputs as weighted pulses of read_voltage; 0: as amplitudes
};

}  // namespace memspice::tile
