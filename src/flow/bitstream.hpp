#pragma once
// Layers whose [path] is "bitstream": their kernels in a machine, and the study that [bitstream]
// asks for.

#include <optional>

#include "flow/stages.hpp"

namespace memspice::flow {

/// Whether a layer's [path] is "bitstream".
bool runs_as_bitstream(const config::FlowOptions& options, const std::string& layer);

/// Gives every bitstream layer of the flow its kernel.
void add_bitstream_layers(const config::FlowOptions& options,
                          const Parts& parts,
                          simulate::Machine& machine);

/// Accuracy by bits beside fixed point, faults, latency, area: bitstream layers as configured, all
/// other layers float. Nothing when no layer takes that path. `float_accuracy`: of the float pass.
std::optional<report::BitstreamReport> run_bitstream(const config::FlowOptions& options,
                                                     const Parts& parts,
                                                     const simulate::Outcome& float_outcome);

}  // namespace memspice::flow
