#pragma once
// Circuits whose nets are held from outside, and which stay loaded: voltages in, currents out.
//
// With every net that its elements share held, a crossbar has no mesh left to factorise. What flows
// out of a pin into the circuit is Kirchhoff's residual of the whole deck at these voltages.

#include <Eigen/Core>
#include <string>

#include "engine/engine.hpp"
#include "netlist/deck.hpp"

namespace memspice::engine {

/// A deck of a circuit::ExternalSweep.
struct PinnedDeck {
  std::string key;     ///< names the text: decks of one key are one text
  netlist::Deck deck;  ///< vectors: the branches of its External sources, all of them
};

/// What to ask of it. The deck must outlive the call.
struct PinnedPoints {
  const PinnedDeck* deck = nullptr;
  Eigen::MatrixXd V;  ///< sources x points [V], in the order of the deck's vectors
};

struct PinnedCurrents {
  Eigen::MatrixXd
      I;  ///< sources x points [A], out of the source into the circuit; empty on failure
  Summary summary;
  bool ok() const noexcept { return summary.termination == Termination::Done; }
};

}  // namespace memspice::engine
