#include "mapping/kernel_first_plan.hpp"

#include <algorithm>

#include "mapping/program_cells.hpp"

namespace memspice::mapping {
namespace {

/// Rows of one output's weights that are not zero, the bias's last.
std::vector<int> kept_rows(const Eigen::MatrixXd& W_rows, Eigen::Index output) {
  std::vector<int> rows;
  for (Eigen::Index i = 0; i < W_rows.rows(); ++i) {
    if (W_rows(i, output) != 0.0) rows.push_back(static_cast<int>(i));
  }
  return rows;
}

Tile gather_tile(const Eigen::MatrixXd& W_rows,
                 double w_max,
                 const device::ConductanceWindow& window,
                 std::vector<int> rows,
                 int output,
                 int input_count) {
  const bool has_bias = rows.back() == input_count;
  Eigen::MatrixXd weights(static_cast<Eigen::Index>(rows.size()), 1);
  for (std::size_t k = 0; k < rows.size(); ++k) {
    weights(static_cast<Eigen::Index>(k), 0) = W_rows(rows[k], output);
  }
  return {.name = {},
          .row = 0,
          .column = output,
          .first_input = 0,
          .input_count = static_cast<int>(rows.size()) - (has_bias ? 1 : 0),
          .first_output = output,
          .output_count = 1,
          .has_bias = has_bias,
          .G = program_cells(weights, Eigen::VectorXd::Constant(1, w_max), window),
          .inputs = std::move(rows)};
}

}  // namespace

Block gather_pairs(const WeightMatrix& matrix,
                   const Eigen::MatrixXd& W_rows,
                   const Eigen::VectorXd& w_max,
                   const MappingInputs& inputs,
                   const std::string& name) {
  Block block{.first_channel_in = matrix.first_channel_in,
              .first_channel_out = matrix.first_channel_out,
              .patch = {},
              .input_count = static_cast<int>(matrix.W.rows()),
              .output_count = static_cast<int>(matrix.W.cols()),
              .row_tiles = 1,
              .column_tiles = static_cast<int>(matrix.W.cols()),
              .tiles = {}};
  const auto most = static_cast<std::ptrdiff_t>(inputs.options.rows);
  for (int j = 0; j < block.output_count; ++j) {
    const std::vector<int> rows = kept_rows(W_rows, j);
    int part = 0;
    for (auto first = rows.begin(); first != rows.end(); ++part) {
      const auto last = first + std::min(most, rows.end() - first);
      Tile tile = gather_tile(W_rows, w_max[j], inputs.window, {first, last}, j, block.input_count);
      tile.row = part;
      tile.name = name + "_r" + std::to_string(part) + "_c" + std::to_string(j);
      block.tiles.push_back(std::move(tile));
      first = last;
    }
    block.row_tiles = std::max(block.row_tiles, part);
  }
  return block;
}

std::vector<int> pruned_pairs(const Block& block) {
  std::vector<int> pruned(static_cast<std::size_t>(block.input_count), block.output_count);
  for (const Tile& tile : block.tiles) {
    for (int i = 0; i < tile.input_count; ++i) {
      --pruned[static_cast<std::size_t>(tile.input_row(i))];
    }
  }
  return pruned;
}

}  // namespace memspice::mapping
