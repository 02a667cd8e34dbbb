#pragma once
// What a plan consists of: crossbars, and the weight matrices that they are cut from.

#include <Eigen/Core>
#include <string>
#include <vector>

#include "mapping/sub_image.hpp"

namespace memspice::mapping {

/// One crossbar. Its word lines are inputs first_input .. of its block, then perhaps the bias, or
/// those that `inputs` names.
struct Tile {
  std::string name;         ///< "conv2_b0_r1_c0": layer, block, row tile, column tile
  int row = 0, column = 0;  ///< position in the block's grid of tiles
  int first_input = 0, input_count = 0;
  int first_output = 0, output_count = 0;
  bool has_bias = false;         ///< the last word line is the bias
  bool has_unit_column = false;  ///< the last bit line is
  /// n_word_lines x 2 output_count of pairs, or output_count + 1 with a unit column
  /// (mapping/program_cells.hpp) [S], quantized to the window's levels.
  Eigen::MatrixXd G;
  /// Lines that no driver or sense reaches; none in a plan as mapped (mapping/perturb.hpp).
  std::vector<int> open_word_lines = {}, open_bit_lines = {};
  /// The row of the block's matrix (its bias last) that each word line carries, rising; empty: the
  /// rows from first_input on.
  std::vector<int> inputs = {};
  int groups = 1;  ///< of a grouped layer, an equal share of its inputs and outputs each

  int word_lines() const noexcept { return static_cast<int>(G.rows()); }
  int bit_lines() const noexcept { return static_cast<int>(G.cols()); }
  /// Cells where lines of different groups cross: memristors at a weight of 0.
  long idle_cells() const noexcept {
    const long cells = has_unit_column ? 1 : 2;  // of a weight; every input crosses a unit column
    return cells * output_count * (input_count - input_count / groups);
  }
  /// Row of the block's inputs (its bias last) that word line i carries.
  int input_row(int i) const {
    return inputs.empty() ? first_input + i : inputs[static_cast<std::size_t>(i)];
  }
};

/// One weight matrix, or one digit of it where weights are cut into slices: of a whole layer, of
/// groups of a grouped one, or of one input channel. A layer's outputs are its blocks' sums.
struct Block {
  int first_channel_in = 0, first_channel_out = 0;  ///< where the group starts; 0 for a whole layer
  int slice = 0;  ///< digit of the weights that it holds; 0: the least significant
  Patch patch;    ///< outputs that one vector gives per output channel
  /// Rows of the matrix without the bias: C_in/groups k_h k_w, or n_in; times the groups it holds.
  int input_count = 0;
  int output_count = 0;  ///< columns, likewise: C_out/groups, or n_out; times k_h k_w if transposed
  Eigen::VectorXd w_max = {};  ///< per output: the |weight| that takes the whole window, > 0
  Eigen::VectorXf scale = {};  ///< per output: output per ampere of differential current [1/A]
  int row_tiles = 0, column_tiles = 0;
  std::vector<Tile> tiles;  ///< row-major: row * column_tiles + column
};

}  // namespace memspice::mapping
