#pragma once
// A device under a drive in SPICE: the subcircuit's counterpart of device::trace.
//
//   drive --[ series ]-- p  X<model>  n -- 0        probes: v(p), i(drive), v(x)

#include <optional>
#include <string>

#include "circuit/instance.hpp"
#include "device/memristor_card.hpp"
#include "device/state_check.hpp"
#include "device/trace.hpp"
#include "engine/engine.hpp"
#include "netlist/deck.hpp"

namespace memspice::periphery {

/// What to trace: a completed card and its subcircuit.
struct DeviceUnderTest {
  device::MemristorCard card;
  std::string subcircuit;                              ///< path of the .sub
  std::optional<circuit::Definition> definition = {};  ///< in place of a file
  double temperature = 300.15;                         ///< SPICE's, for elements that have one [K]
  device::StateBounds bounds = {};                     ///< that its state must keep to [1]
};

/// The deck of a trace; `.vectors` are the voltage at p, the drive's current and, where the
/// subcircuit has a port x, the state.
netlist::Deck trace_deck(const DeviceUnderTest& device, const device::TraceOptions& options);

/// Runs the deck; a failure is told in the trace's summary with the simulator's words, the saved
/// deck and what helps. So is a state that does not start at the card's x_init or leaves its
/// bounds. The result stands at the same times as device::trace's.
device::Trace trace_in_spice(const DeviceUnderTest& device,
                             const device::TraceOptions& options,
                             engine::Engine& engine);

}  // namespace memspice::periphery
