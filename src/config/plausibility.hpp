#pragma once
// Values that are possible and yet no memristor crossbar's: most are a slip of the unit.

#include <string>
#include <vector>

#include "config/flow_options.hpp"

namespace memspice::config {

/// What a value is of; each has its usual range.
enum class Usual { Conductance, Wire, Terminal, ReadVoltage, NonLinearity };

/// Adds a line to `notes` when the value is outside the usual range: the place, the value, the
/// range and what may have been meant. 0 and an infinity are never noted.
void note_unusual(const std::string& place,
                  double value,
                  Usual usual,
                  std::vector<std::string>& notes);

/// Wires, driver and sense of an array, as "place.row" and so on.
void note_unusual_wiring(const crossbar::Wiring& wiring,
                         const std::string& place,
                         std::vector<std::string>& notes);

/// All lines about one flow's [device] and [array].
std::vector<std::string> find_unusual(const FlowOptions& options);

}  // namespace memspice::config
