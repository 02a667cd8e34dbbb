#pragma once
// The whole response by nested dissection with the terminals last.
//
// The array is cut in halves down to sub-arrays; each is reduced to the admittance between its
// ports (front.hpp), small ones side by side in SIMD lanes (subarray.hpp), large ones by BLAS. In
// the last front only drivers and senses remain, and the block between them is the response: no
// right-hand side is ever solved. About 34 N^3 flops for N x N cells [derived in METHODS terms:
// separators of s nodes, fronts of 5 s].

#include <vector>

#include "crossbar/grid.hpp"

namespace memspice::crossbar {

/// G_eff of each grid [S], n_word_lines x n_bit_lines in the caller's numbering. All grids must
/// have one size. Scalar: the precision inside, double or float. `failed`: grids whose elimination
/// met a pivot that is not positive, so that the result is unusable.
template <class Scalar>
std::vector<Eigen::MatrixXd> dissect(const std::vector<Grid>& grids, std::vector<int>& failed);

extern template std::vector<Eigen::MatrixXd> dissect<double>(const std::vector<Grid>&,
                                                             std::vector<int>&);
extern template std::vector<Eigen::MatrixXd> dissect<float>(const std::vector<Grid>&,
                                                            std::vector<int>&);

}  // namespace memspice::crossbar
