#pragma once
// Layers whose [path] is "spectral", and spectral networks: their kernels in a machine, and what
// they give.

#include <optional>

#include "flow/spectral_paths.hpp"
#include "flow/stages.hpp"

namespace memspice::flow {

/// Gives every layer that is computed in the spectrum its kernel.
void add_spectral_layers(const std::vector<SpectralChoice>& choices, simulate::Machine& machine);

/// Accuracy with these layers in the spectrum and all others in float, and what their digital
/// units cost. Nothing where no layer asks for it. `float_accuracy`: of the float pass.
std::optional<report::SpectralReport> run_spectral(const config::FlowOptions& options,
                                                   const Inputs& inputs,
                                                   const simulate::Outcome& float_outcome);

}  // namespace memspice::flow
