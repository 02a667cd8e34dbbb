#pragma once
// A weight matrix cut into tiles.

#include <vector>

#include "mapping/tile_plan.hpp"
#include "mapping/weight_matrix.hpp"

namespace memspice::mapping {

/// The rows of a block's matrix that a row tile carries.
struct TileRows {
  int first = 0, inputs = 0;
  bool has_bias = false;  ///< the matrix's last row too
};

/// inputs: rows of the matrix without its bias; rows: with it, if it has one, as its last.
std::vector<TileRows> cut_rows(int inputs, int rows, const Options& options);

/// The tiles of one matrix. W_rows: its weights, and as its last row the bias, if any, or what each
/// tile carries of it; w_max: per output, the weight that takes the whole window. The block's w_max
/// and scale are left to the caller.
Block split_block(const WeightMatrix& matrix,
                  const Eigen::MatrixXd& W_rows,
                  const Eigen::VectorXd& w_max,
                  const Patch& patch,
                  const MappingInputs& inputs,
                  const std::string& name);

}  // namespace memspice::mapping
