#pragma once
// Weights on a finer grid than a cell's: a pair of cells, and a block of tiles, for each digit.
//
//   w = q sum_s L^s d_s,   q = w_max / (L^S - 1),   d_s = -(L - 1) .. L - 1, all of w's sign
// with L the levels of a cell and S the slices: each weight is rounded to L^S - 1 steps of w_max,
// and every digit lies on a level exactly. The digits' products are summed behind the ADCs.
// Source: Shafiee et al., ISCA 2016, section 4 (bit slices, there in offset binary).

#include <Eigen/Core>
#include <vector>

namespace memspice::mapping {

/// One digit of the weights of a matrix.
struct WeightSlice {
  Eigen::MatrixXd W;      ///< inputs x outputs: q L^s d_s
  Eigen::VectorXd w_max;  ///< per output, what takes the whole window: q L^s (L - 1)
};

/// The digits of W (inputs x outputs), the least significant first; weights beyond w_max clip.
/// One slice is W itself, unrounded. Preconditions: w_max > 0 per output; slices >= 1; of more than
/// one slice, 2 <= levels and levels^slices <= 2^31.
std::vector<WeightSlice> slice_weights(const Eigen::MatrixXd& W,
                                       const Eigen::VectorXd& w_max,
                                       int levels,
                                       int slices);

/// levels^slices - 1: the largest |weight| in steps.
double steps_of_slices(int levels, int slices);

/// The fewest levels with which `slices` digits reach `largest` steps.
int levels_for(int largest, int slices);

}  // namespace memspice::mapping
