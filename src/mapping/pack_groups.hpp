#pragma once
// Groups of a grouped layer on one crossbar, as each channel of a depthwise convolution is one.
//
//             pairs of group 0   of group 1        k = min((R - bias) / n, M / m) groups of n
//   group 0   |  W_0^T     |     idle    |         inputs and m outputs on R rows for M outputs: 7
//   group 1   |  idle      |     W_1^T   |         channels of a 3 x 3 kernel on 64 x 64, 14 on
//   bias      |  b_0       |     b_1     |         128 x 128; all share one bias word line
//
// An idle cell holds a weight of 0 like any other: it carries current, which cancels within its
// pair or against the unit column, but for what wires do to it.

#include <vector>

#include "mapping/options.hpp"
#include "mapping/weight_matrix.hpp"

namespace memspice::mapping {

/// Groups of inputs x outputs that share one crossbar, at least 1; `bias_rows`: 1 where the bias
/// takes a word line. 1 where groups are not packed, or one alone fills a crossbar.
long groups_per_crossbar(long inputs, long outputs, int bias_rows, const Options& options);

/// A layer's matrices, all of one shape, merged `each` neighbours at a time; the last takes what is
/// left.
std::vector<WeightMatrix> pack_groups(const std::vector<WeightMatrix>& groups, long each);

}  // namespace memspice::mapping
