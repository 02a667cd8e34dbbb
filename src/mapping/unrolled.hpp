#pragma once
// The weight matrices of a convolution unrolled over a patch of outputs.

#include "mapping/sub_image.hpp"
#include "mapping/weight_matrix.hpp"

namespace memspice::mapping {

/// Rows: channel, then window row, then window column (a run: channel, then pixel). Columns: output
/// channel, then patch row, then patch column (a run: output channel, then pixel). A row and a
/// column that no tap joins have weight 0.
///   Scheme::SubImage, k x k   one matrix per input channel
///   otherwise                 one matrix per group
/// No bias: what sub-images give is summed digitally, and the bias with it.
std::vector<WeightMatrix> unrolled_matrices(const network::Convolution& layer,
                                            const Partition& partition,
                                            Scheme scheme);

}  // namespace memspice::mapping
