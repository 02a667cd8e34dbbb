#pragma once
// An array with its drivers and senses, as one subcircuit.

#include <memory>
#include <vector>

#include "synthesis/tile_circuit.hpp"

namespace memspice::synthesis {

/// An array between its sources and its virtual grounds: the resistances of drivers and senses are
/// inside, so that a port is a line's far side of them.
struct TerminatedArray {
  struct Port {
    enum class Line { Driven, Sensed, Gate } line = Line::Driven;
    Eigen::Index number = 0;  ///< of the word, source or bit line
  };
  std::shared_ptr<const circuit::Circuit> body;
  std::vector<Port> ports;  ///< in the order of the body's
};
/// Throws InputError as TileSpec::validate does. Lines have ports as in build_tile_array.
TerminatedArray build_terminated_array(const TileSpec& spec);

}  // namespace memspice::synthesis
