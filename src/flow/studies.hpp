#pragma once

#include "flow/plan.hpp"
#include "flow/tile_answers.hpp"

namespace memspice::flow {

/// Every study with the flow's options; without `scores` those that need no image scored.
/// `periphery`: characterized; it and `run` must outlive the studies.
study::Studies studies_of(const OpenedRun& run,
                          SpiceUse use,
                          bool scores,
                          const std::optional<study::NetworkPeriphery>& periphery);

}  // namespace memspice::flow
