#pragma once

#include <cstdint>
#include <string>

#include "network/graph.hpp"

namespace memspice::flow {

/// The most that one calibration image takes in memory at once [bytes]: what reaches each layer
/// with weights is kept, and beside it stands the largest layer with its inputs.
double activation_bytes(const network::Graph& graph);

/// Of many images calibration holds what fits (network::record_activations), but never less than
/// one. Small files must not take all memory: they may take 1 GiB, and 4 KiB for each byte that was
/// read. Throws InputError naming the layer with the largest output. `bytes_read`: of the network's
/// file and the images.
void require_activation_memory(const network::Graph& graph, std::int64_t bytes_read);

/// Says so where calibration holds the activations of `kept` of `images` images only; else empty.
std::string kept_text(std::int64_t kept, std::int64_t images);

}  // namespace memspice::flow
