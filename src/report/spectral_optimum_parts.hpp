#pragma once
// The tables that the optimiser's terminal text and page are made of.

#include "report/page_parts.hpp"
#include "report/spectral_optimum.hpp"

namespace memspice::report {

/// A row per candidate, the dearest first.
Table candidate_table(const SpectralOptimum& optimum);
/// The chosen network's gain over the original; no rows where either was not measured.
Table gain_table(const SpectralOptimum& optimum);
/// Published gains, and those of this run where there are any.
Table claim_table(const SpectralOptimum& optimum);
/// What the figures hold for.
std::string optimum_remark(const SpectralOptimum& optimum);

}  // namespace memspice::report
