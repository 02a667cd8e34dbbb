#pragma once
// What every SPICE writes alike: letters of elements and waveforms of sources.

#include "circuit/circuit.hpp"
#include "netlist/line.hpp"

namespace memspice::netlist {

/// An independent source that takes one level per stimulus?
bool is_swept(const circuit::Instance& instance);

/// SPICE's leading letter of an element; behavioural sources are 'b'.
char element_letter(circuit::Kind kind);

/// "dc 1", "dc 0 sin( 0 1 1e6 0 )", ...; nothing for Swept, which each dialect spells its own way.
void add_waveform(Line& line, const circuit::Waveform& waveform);

}  // namespace memspice::netlist
