#pragma once

#include <cstdint>

#include "network/graph.hpp"

namespace memspice::flow {

/// The most that `images` calibration images take in memory at once [bytes]: what reaches each
/// layer with weights is kept, and beside it stands the largest layer with its inputs.
double activation_bytes(const network::Graph& graph, std::int64_t images);

/// Calibration holds all its images' activations at once. Small files must not take all memory:
/// they may take 1 GiB, and 4 KiB for each byte that was read. Throws InputError naming the layer
/// with the largest output. `bytes_read`: of the network's file and the images.
void require_activation_memory(const network::Graph& graph,
                               std::int64_t images,
                               std::int64_t bytes_read);

}  // namespace memspice::flow
