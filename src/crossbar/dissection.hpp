#pragma once
// The whole response by nested dissection with the terminals last.
//
// The array is cut in halves down to sub-arrays; each is reduced to the admittance between its
// ports (front.hpp), small ones side by side in SIMD lanes (subarray.hpp), large ones by BLAS. In
// the last front only drivers and senses remain, and the block between them is the response: no
// right-hand side is ever solved. About 34 N^3 operations for N x N cells: separators of s
// nodes in fronts of about 5 s, halved down to the sub-arrays.

#include <optional>

#include "crossbar/grid.hpp"

namespace memspice::crossbar {

/// Floating-point operations (a multiplication and its addition are two) of one response of
/// n_word_lines x n_bit_lines cells driven and sensed at one side each.
double dissection_operations(int n_word_lines, int n_bit_lines);

/// G_eff [S] of a grid, n_word_lines x n_bit_lines in the caller's numbering; nothing when a pivot
/// of the elimination was not positive.
std::optional<Eigen::MatrixXd> dissect(const Grid& grid);

}  // namespace memspice::crossbar
