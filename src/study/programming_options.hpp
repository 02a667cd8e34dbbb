#pragma once
// [programming]: how the network's conductances get onto the chip.

#include <optional>
#include <string>

#include "crossbar/program_array.hpp"
#include "device/memristor_card.hpp"
#include "engine/engine.hpp"
#include "tile/spice_method.hpp"

namespace memspice::study {

struct ProgrammingOptions {
  bool is_on = false;                ///< the flow has a table [programming]
  std::string model, card;           ///< a dynamic one
  device::MemristorCard parameters;  ///< of that card, completed
  std::string subcircuit;            ///< path of the model's .sub
  crossbar::BiasScheme scheme = crossbar::BiasScheme::Half;
  crossbar::ProgramOptions program;
  double transistor = 2e3;        ///< 1t1r: on-resistance of the selecting transistor [Ohm]
  std::optional<double> initial;  ///< conductance before writing [S]; absent: the card's state
  double initial_sigma = 0.0;     ///< standard deviation of its logarithm over the cells, 0 .. 3
  int spice_cells = 0;  ///< lines of the corner of an array that ngspice writes as well; 0: none
};

/// The largest corner that one circuit of the whole array can write: a pulse on 8 x 8 cells takes
/// ngspice seconds.
inline constexpr int kMostDirectLines = 8;

/// Where a corner of an array is written in ngspice, and how.
struct WritingEngine {
  engine::Options engine;
  tile::SpiceMethod method = tile::SpiceMethod::Pinned;
};

}  // namespace memspice::study
