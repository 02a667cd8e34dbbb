#pragma once
// Whole networks, or single layers of them, as decks with a manifest for those who program the
// crossbars.

#include <string>
#include <vector>

#include "flow/run_flow.hpp"
#include "flow/stages.hpp"

namespace memspice::flow {

/// NAME.cir (the test set's first images as sources), NAME.json (the manifest), a conductance file
/// per distinct crossbar and the sources' voltages. `layer`: that one alone; a convolution as one
/// position through which its windows slide. Empty: the whole network. Drivers, wires, cells and
/// senses are those of a run; converters are not in the deck. Throws InputError naming what of the
/// flow, or which layer, has no circuit.
Exported export_network(const config::FlowOptions& options,
                        const std::string& layer,
                        const ExportRequest& request);

}  // namespace memspice::flow
