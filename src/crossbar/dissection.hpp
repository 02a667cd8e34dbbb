#pragma once
// The whole response by nested dissection with the terminals last.
//
// The array is cut in halves down to sub-arrays; each is reduced to the admittance between its
// ports (front.hpp), small ones side by side in SIMD lanes (subarray.hpp), large ones by BLAS. In
// the last front only drivers and senses remain, and the block between them is the response: no
// right-hand side is ever solved. About 34 N^3 operations for N x N cells: separators of s
// nodes in fronts of about 5 s, halved down to the sub-arrays.

#include <vector>

#include "crossbar/grid.hpp"

namespace memspice::crossbar {

/// Floating-point operations (a multiplication and its addition are two) of one response of
/// n_word_lines x n_bit_lines cells driven and sensed at one side each.
double dissection_operations(int n_word_lines, int n_bit_lines);

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
