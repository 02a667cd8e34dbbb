#pragma once

#include "config/flow_options.hpp"
#include "report/spectral_optimum.hpp"

namespace memspice::flow {

/// Enumerates smaller networks by the three strategies and ranks them by cost; those whose trained
/// files are there are scored on the flow's test images and timed, with the original unfused and
/// fused beside them. Throws InputError for a file of another shape than its name says.
report::SpectralOptimum optimize_spectral(const config::FlowOptions& options);

}  // namespace memspice::flow
