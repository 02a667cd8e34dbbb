#pragma once
// What the gates of a recurrent node apply.

#include "network/onnx_node.hpp"

namespace memspice::network {

/// The functions f, g and h of one direction: `activations` with `activation_alpha` and
/// `activation_beta`, or the operator's own. Rejects a number of directions that `direction` does
/// not have, and functions that are not known.
std::array<GateFunction, 3> gate_functions(OnnxNode& node,
                                           Recurrence::Cell cell,
                                           std::int64_t direction,
                                           std::int64_t directions);

}  // namespace memspice::network
