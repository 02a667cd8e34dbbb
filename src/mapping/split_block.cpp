#include "mapping/split_block.hpp"

#include <algorithm>
#include <numeric>

#include "base/division.hpp"
#include "mapping/program_cells.hpp"

namespace memspice::mapping {
namespace {

/// Outputs of a tile: all that fit, or those of one output channel where channel pairs are kept
/// apart.
int outputs_per_tile(const Patch& patch, const Options& options) {
  const bool in_pairs = options.scheme == Scheme::SubImage && patch.kind == Patch::Kind::Rectangle;
  return in_pairs ? patch.outputs() : options.outputs_per_tile();
}

/// What the row tiles' word lines carry of W_rows.
Eigen::MatrixXd rows_of(const Eigen::MatrixXd& W_rows, const TileRows& tile) {
  Eigen::MatrixXd rows(tile.inputs + (tile.has_bias ? 1 : 0), W_rows.cols());
  rows.topRows(tile.inputs) = W_rows.middleRows(tile.first, tile.inputs);
  if (tile.has_bias) rows.bottomRows(1) = W_rows.bottomRows(1);
  return rows;
}

/// Named where the bias is not the row behind the tile's inputs.
std::vector<int> input_rows(const TileRows& tile, int inputs) {
  if (!tile.has_bias || tile.first + tile.inputs == inputs) return {};
  std::vector<int> rows(static_cast<std::size_t>(tile.inputs));
  std::iota(rows.begin(), rows.end(), tile.first);
  rows.push_back(inputs);
  return rows;
}

}  // namespace

std::vector<TileRows> cut_rows(int inputs, int rows, const Options& options) {
  const bool each = options.bias == Bias::EachTile && rows > inputs;
  const int most = each ? options.rows - 1 : options.rows;
  std::vector<TileRows> tiles;
  for (int first = 0; first < (each ? inputs : rows); first += most) {
    const int count = std::min(most, inputs - first);
    tiles.push_back({first, count, each || first + most > inputs});
  }
  for (TileRows& tile : tiles) tile.has_bias = tile.has_bias && rows > inputs;
  return tiles;
}

Block split_block(const WeightMatrix& matrix,
                  const Eigen::MatrixXd& W_rows,
                  const Eigen::VectorXd& w_max,
                  const Patch& patch,
                  const MappingInputs& inputs,
                  const std::string& name) {
  const int most = outputs_per_tile(patch, inputs.options);
  Block block{.first_channel_in = matrix.first_channel_in,
              .first_channel_out = matrix.first_channel_out,
              .patch = patch,
              .input_count = static_cast<int>(matrix.W.rows()),
              .output_count = static_cast<int>(matrix.W.cols()),
              .column_tiles = divide_up(static_cast<int>(matrix.W.cols()), most),
              .tiles = {}};
  const std::vector<TileRows> cut =
      cut_rows(block.input_count, static_cast<int>(W_rows.rows()), inputs.options);
  block.row_tiles = static_cast<int>(cut.size());
  for (int r = 0; r < block.row_tiles; ++r) {
    const TileRows& rows = cut[static_cast<std::size_t>(r)];
    const Eigen::MatrixXd W = rows_of(W_rows, rows);
    for (int c = 0; c < block.column_tiles; ++c) {
      const int first_output = c * most;
      const int output_count = std::min(most, block.output_count - first_output);
      block.tiles.push_back({.name = name + "_r" + std::to_string(r) + "_c" + std::to_string(c),
                             .row = r,
                             .column = c,
                             .first_input = rows.first,
                             .input_count = rows.inputs,
                             .first_output = first_output,
                             .output_count = output_count,
                             .has_bias = rows.has_bias,
                             .has_unit_column = inputs.options.signs == Signs::UnitColumn,
                             .G = program_cells(W.middleCols(first_output, output_count),
                                                w_max.segment(first_output, output_count),
                                                inputs.window,
                                                inputs.options.signs),
                             .inputs = input_rows(rows, block.input_count),
                             .groups = matrix.groups});
    }
  }
  return block;
}

}  // namespace memspice::mapping
