#pragma once

#include "flow/export_network.hpp"

namespace memspice::flow {

/// Of a layer or block through which windows or pixels pass, the positions of `images` images are
/// as many as one deck may hold; positions 0: all. Throws InputError where they are not, and where
/// positions are asked of what is drawn whole.
void require_positions(const network::Graph& graph,
                       const NetworkPart& part,
                       int images,
                       int positions);

}  // namespace memspice::flow
