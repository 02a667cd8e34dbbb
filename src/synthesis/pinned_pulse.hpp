#pragma once
// A write pulse on an array whose nodes are held: cells from ngspice, wires from us, Kirchhoff's
// residual as the certificate.
//
//   1  node voltages u(t) from our own solver, the selected cell's current I_s as their only motion
//   2  selected cell: an ngspice transient behind the array's own impedance, so that its ends give
//      way as the array lets them, and a runaway cannot miss its load
//   3  all cells at some times of it: ngspice's currents at u(t_k), and their states' rates
//   4  cells that move: transients of their own, held to u(t); the others are carried by the rates
//   5  F_k, what ngspice's cells and the deck's own wires leave over at the nodes: sum |F_k| <=
//   tolerance, or u moves by -J^-1 F, and 2
//
// For cells whose current does not fall as the voltage rises, sum |F_k| bounds the error that all
// line currents have together at that time, for the states that the cells have then (the reasoning:
// tile/certificate.hpp). The states' own error is that of ngspice's integration, and of ours for
// the cells that no transient follows: they move by less than `small_motion` in a pulse, and their
// rates are known at its beginning, its end and wherever the selected current turns.

#include <Eigen/Core>
#include <string>
#include <vector>

#include "crossbar/pulse_nodes.hpp"
#include "engine/engine.hpp"
#include "synthesis/cell_transient.hpp"
#include "synthesis/deck_wires.hpp"
#include "synthesis/held_cells.hpp"

namespace memspice::synthesis {

struct PinnedPulseOptions {
  double tolerance = 1e-6;     ///< on the bound, as a share of the largest line current
  int most_corrections = 20;   ///< >= 0
  double large_motion = 0.05;  ///< of a state in a pulse, above which it is cut in two [1]
  double small_motion = 1e-3;  ///< of a state in a pulse, below which no transient follows it [1]
};

/// What holds during one pulse.
struct PulseCertificate {
  double bound = 0.0;     ///< on the error of all line currents, its worst time [A]
  double relative = 0.0;  ///< to the largest line current
  double own = 0.0;       ///< the relative bound before any correction
  long corrections = 0;
  long followed = 0;   ///< cells that had a transient
  long asked = 0;      ///< cells' currents that ngspice gave, points counted
  double seconds = 0;  ///< inside ngspice
};

struct PinnedPulseResult {
  Eigen::VectorXd x;    ///< states at the end
  double energy = 0.0;  ///< that the sources gave [J]
  PulseCertificate certificate;
  bool ok = true;
  std::string message = {};  ///< why it failed
};

/// Who answers. A worker that runs a deck forgets the cells it holds: two engines, or one that is
/// asked to load them again and again.
struct PinnedPulseTools {
  const DynamicCell& cell;
  const device::Memristor& law;  ///< for slopes and first guesses
  const DeckWires& wires;        ///< that the certificate counts by
  HeldCells& held;
  engine::Engine& engine;  ///< for transients
};

/// `nodes`: driven for `pulse`; `u`: where to start, our own solution; x: states of all cells.
/// Throws RunError as throw_if_lost does.
PinnedPulseResult run_pinned_pulse(const PinnedPulseTools& tools,
                                   crossbar::PulseNodes& nodes,
                                   const crossbar::CellPulse& pulse,
                                   const Eigen::VectorXd& x,
                                   const Eigen::VectorXd& u,
                                   const PinnedPulseOptions& options = {});

}  // namespace memspice::synthesis
