#pragma once
// The states that a model's text gives its capacitors at the start: `ic=`, or `.ic v(node)=value`.
//
// An operating point knows nothing of either: without more, whatever leaks beside the capacitor
// drains the state before the first time step, and a sweep never saw it. So a text is written in
// one of two forms, which only add lines to it:
//
//   held     a voltage source across the capacitor: the state rests in every DC point
//   started  .ic on its node: held in the operating point before a transient, then let go

#include <string>
#include <vector>

#include "circuit/circuit.hpp"

namespace memspice::netlist {

/// v(node,to) = value at the start.
struct StatedState {
  std::string node, to;  ///< to: "0" for ground
  std::string value;     ///< a number or {expression} [V]
  std::string name;      ///< of the element that states it
};

/// All states of a .subckt's text, each once; those across the device's own first two ports belong
/// to what drives it and are left out. Throws InputError for an ic= on anything but a capacitor.
std::vector<StatedState> stated_states(const circuit::Definition& definition);

/// Whether a model shows its state: the port behind its two ends, further ones being its own.
inline bool shows_state(const circuit::Definition& definition) {
  return definition.ports.size() >= 3;
}

/// For sweeps and operating points.
circuit::Definition hold_states(const circuit::Definition& definition);

/// For transients. Throws InputError for a state between two nodes that no voltage source of the
/// text joins to ground, for ngspice holds nodes, not differences.
circuit::Definition start_states(const circuit::Definition& definition);

}  // namespace memspice::netlist
