#pragma once
// Whole networks, or single layers of them, as decks with a manifest for those who program the
// crossbars.

#include <string>

#include "flow/export_plan.hpp"
#include "flow/stages.hpp"

namespace memspice::flow {

/// What of a network is exported.
struct NetworkPart {
  std::string layer = {};  ///< that one alone; empty: the whole network
  bool is_block = false;   ///< the squeeze-and-excitation block that the layer ends
};

/// What the run behind an export reads and maps.
struct ExportInputs {
  const Inputs* inputs = nullptr;
  const study::Mapped* mapped = nullptr;
  engine::Options spice{};  ///< solves stages of transistors
};

/// The card's figures at the array's read voltage, which is what word lines take for x_max. Throws
/// InputError naming what of the flow no analog circuit of amplitudes can hold.
device::AnalogFigures require_circuit(const ExportPlan& plan, const device::Technology& technology);

/// NAME.cir (the test set's first images as sources), NAME.json (the manifest), a conductance file
/// per distinct crossbar and the sources' voltages. A convolution on its own is one position
/// through which its windows slide, and so is a transposed one whose windows do not overlap; a
/// block holds its planes while their pixels pass. Drivers, wires, cells and senses are those of a
/// run; converters are not in the deck. Throws InputError naming the layer that has no circuit.
Exported export_network(const ExportPlan& plan,
                        const device::AnalogFigures& figures,
                        const ExportInputs& run,
                        const NetworkPart& part,
                        const ExportRequest& request);

}  // namespace memspice::flow
