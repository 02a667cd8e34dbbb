#pragma once
// A dynamic memristor as SPICE has it, and how a pulse on it is asked for.

#include <string>

#include "circuit/analysis.hpp"
#include "circuit/circuit.hpp"
#include "device/memristor_card.hpp"

namespace memspice::synthesis {

/// A dynamic memristor as a subcircuit with ports p, n, x.
struct DynamicCell {
  device::MemristorCard card;  ///< completed
  circuit::Definition definition;
};

/// Throws InputError for a subcircuit without a state to write.
void require_state(const DynamicCell& cell);

/// The nets of one cell.
struct CellNets {
  circuit::NetId p, n, x;
};

/// Adds `cell` as instance `name` in state `x`; `width`: of the pulse it will see [s]. The circuit
/// must hold its definition.
void add_dynamic_cell(circuit::Circuit& circuit,
                      const DynamicCell& cell,
                      const std::string& name,
                      const CellNets& nets,
                      double x,
                      double width);

/// A transient of `stop` [s] over a pulse of `width` [s], without probes.
circuit::Analysis pulse_analysis(double width, double stop);

}  // namespace memspice::synthesis
