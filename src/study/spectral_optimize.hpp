#pragma once

#include "report/spectral_optimum.hpp"
#include "study/spectral_architecture.hpp"

namespace memspice::study {

/// Enumerates smaller networks by the three strategies and ranks them by cost; those whose trained
/// files are there are scored on the flow's test images and timed, with the original unfused and
/// fused beside them. Throws InputError for a file of another shape than its name says.
report::SpectralOptimum optimize_spectral(const SpectralSearch& search);

}  // namespace memspice::study
