#pragma once

#include "config/flow_options.hpp"

namespace memspice::flow {

/// The spectral network that a flow is about, as it stands: the shape in [spectral], else the
/// network file's: a spectral network, or the twin of an ordinary one with [spectral]'s activation
/// and storage. Throws InputError where it has none, or says of a spectral file what the file says.
spectral::Architecture spectral_architecture(const config::FlowOptions& options);

/// Convolution and pooling in one, or apart: as written, and where that is fused every bin that a
/// layer is given.
spectral::Architecture with_fusion(const spectral::Architecture& architecture, bool fused);

}  // namespace memspice::flow
