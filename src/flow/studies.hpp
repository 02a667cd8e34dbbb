#pragma once
// What a flow asks of its network beyond its passes.

#include "flow/open_run.hpp"
#include "flow/tile_answers.hpp"
#include "study/spectral_architecture.hpp"
#include "study/study_list.hpp"

namespace memspice::flow {

/// The periphery that [periphery] in_network asks for, through the bench's engine.
std::optional<study::NetworkPeriphery> characterize_periphery_of(const OpenedRun& run,
                                                                 const study::Bench& bench);

/// Every study with the flow's options; without `scores` those that need none. `periphery`:
/// characterized; it must outlive the studies.
study::Studies studies_of(const OpenedRun& run,
                          SpiceUse use,
                          bool scores,
                          const std::optional<study::NetworkPeriphery>& periphery);

/// The spectral network that a flow is about, and what [spectral] says of smaller ones.
study::SpectralSearch spectral_search(const config::FlowOptions& options);

}  // namespace memspice::flow
