#pragma once

#include <vector>

namespace memspice::simulate {

/// The value that `percentile` percent of `sizes` do not exceed, by rank; reorders them.
/// Precondition: not empty, percentile in (0, 100].
float size_at_percentile(std::vector<float>& sizes, double percentile);

}  // namespace memspice::simulate
