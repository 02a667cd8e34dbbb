#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "mapping/kernel_first_plan.hpp"
#include "mapping/program_cells.hpp"
#include "mapping/tile_plan.hpp"
#include "mapping/unrolled.hpp"
#include "mapping/weight_grid.hpp"
#include "mapping/weight_matrix.hpp"

namespace memspice::mapping {
namespace {

/// Bit-line pairs of a tile: all, or those of one output channel where channel pairs are kept
/// apart.
int pairs_per_tile(const Patch& patch, const Options& options) {
  const bool in_pairs = options.scheme == Scheme::SubImage && patch.kind == Patch::Kind::Rectangle;
  return in_pairs ? patch.outputs() : options.columns / 2;
}

/// W_rows: the block's weights with the bias, if any, as its last row.
Block split_block(const WeightMatrix& matrix,
                  const Eigen::MatrixXd& W_rows,
                  const Eigen::VectorXd& w_max,
                  const Patch& patch,
                  const MappingInputs& inputs,
                  const std::string& name) {
  const int rows = static_cast<int>(W_rows.rows());
  const int pairs = pairs_per_tile(patch, inputs.options);
  Block block{.first_channel_in = matrix.first_channel_in,
              .first_channel_out = matrix.first_channel_out,
              .patch = patch,
              .input_count = static_cast<int>(matrix.W.rows()),
              .output_count = static_cast<int>(matrix.W.cols()),
              .row_tiles = (rows + inputs.options.rows - 1) / inputs.options.rows,
              .column_tiles = (static_cast<int>(matrix.W.cols()) + pairs - 1) / pairs,
              .tiles = {}};
  for (int r = 0; r < block.row_tiles; ++r) {
    for (int c = 0; c < block.column_tiles; ++c) {
      const int first_row = r * inputs.options.rows;
      const int row_count = std::min(inputs.options.rows, rows - first_row);
      const int first_output = c * pairs;
      const int output_count = std::min(pairs, block.output_count - first_output);
      const bool has_bias = first_row + row_count > block.input_count;
      block.tiles.push_back(
          {.name = name + "_r" + std::to_string(r) + "_c" + std::to_string(c),
           .row = r,
           .column = c,
           .first_input = first_row,
           .input_count = row_count - (has_bias ? 1 : 0),
           .first_output = first_output,
           .output_count = output_count,
           .has_bias = has_bias,
           .G = program_cells(W_rows.block(first_row, first_output, row_count, output_count),
                              w_max.segment(first_output, output_count),
                              inputs.window)});
    }
  }
  return block;
}

/// W with b / x_max as its last row; W alone without a bias.
Eigen::MatrixXd append_bias(const WeightMatrix& matrix, double x_max) {
  if (matrix.bias.size() == 0) return matrix.W;
  Eigen::MatrixXd rows(matrix.W.rows() + 1, matrix.W.cols());
  rows << matrix.W, matrix.bias.transpose() / x_max;
  return rows;
}

double largest_weight(const std::vector<Eigen::MatrixXd>& rows, const std::string& layer) {
  double largest = 0.0;
  for (const Eigen::MatrixXd& W : rows) largest = std::max(largest, W.cwiseAbs().maxCoeff());
  if (largest > 0.0) return largest;
  throw InputError({.place = "layer " + layer,
                    .value = "all weights are zero",
                    .rule = "a crossbar scales its cells by the largest weight",
                    .remedy = "remove the layer from the network"});
}

/// Per output, the weight that takes the whole window.
Eigen::VectorXd scale_outputs(const Eigen::MatrixXd& rows, double largest, WeightScale scale) {
  if (scale == WeightScale::Layer) return Eigen::VectorXd::Constant(rows.cols(), largest);
  const Eigen::VectorXd own = rows.cwiseAbs().colwise().maxCoeff().transpose();
  // An output without weights has its cells at g_min whatever the scale.
  return (own.array() > 0.0).select(own, largest);
}

double largest_input(const network::ActivationRange& range) {
  const double x_max = std::max(std::abs(range.low), std::abs(range.high));
  return x_max > 0.0 ? x_max : 1.0;  // an input that is always zero may be driven at any scale
}

/// The largest plan that is built: its cells as doubles take 8 GiB.
constexpr double kMaxCells = 1024.0 * 1024.0 * 1024.0;

void require_memory(const LayerPlan& plan, double cells) {
  if (cells <= kMaxCells) return;
  throw InputError({.place = "layer " + plan.name,
                    .value = memspice::to_text(cells) + " distinct cells up to here",
                    .rule = "a plan may hold at most 2^30 of them, which take 8 GiB",
                    .remedy = "set mapping.scheme to \"im2col\", whose tiles are far fewer"});
}

/// The matrices that a layer's crossbars carry, and the patch of outputs that each gives.
struct LayerMatrices {
  std::vector<WeightMatrix> matrices;
  Patch patch;
};

/// A transposed convolution's kernels overlap, so its bias comes after they were summed.
bool is_bias_digital(const network::Layer& layer, const Options& options) {
  return options.bias == Bias::Digital || chosen_grid(layer, options) ||
         std::holds_alternative<network::Deconvolution>(layer.operation);
}

/// Sets the plan's vectors, replicas and bias too: they follow from the cut. `cells`: those of the
/// layers before, and of this one when it returns.
LayerMatrices cut_layer(const network::Graph& graph,
                        const MappingInputs& inputs,
                        LayerPlan& plan,
                        double& cells) {
  const network::Layer& layer = graph.layer(plan.layer);
  const auto shape = convolution_shape(graph, plan.layer);
  const Scheme scheme = inputs.options.scheme;
  if (!shape || scheme == Scheme::Im2col || scheme == Scheme::KernelFirst) {
    plan.vectors_per_image = vectors_per_image(graph, plan.layer);
    plan.digital_bias = is_bias_digital(layer, inputs.options) && !bias_of(layer).empty();
    return {.matrices = weight_matrices(layer), .patch = {}};
  }
  const Partition partition = partition_of(*shape, inputs.options, plan.name.c_str());
  plan.vectors_per_image = partition.sub_images();
  plan.replicas = partition.sub_images();
  plan.digital_bias = !bias_of(layer).empty();
  cells += 2.0 * shape->channels_in / shape->groups * shape->channels_out *
           partition.window_pixels() * partition.patch.outputs();
  require_memory(plan, cells);
  return {.matrices = unrolled_matrices(
              std::get<network::Convolution>(layer.operation), partition, inputs.options.scheme),
          .patch = partition.patch};
}

LayerPlan start_plan(const network::Graph& graph,
                     network::LayerId id,
                     const MappingInputs& inputs) {
  const network::ActivationRange range =
      inputs.input_ranges.empty() ? network::ActivationRange{0.0F, 1.0F}
                                  : inputs.input_ranges.at(static_cast<std::size_t>(id.value));
  LayerPlan plan;
  plan.layer = id;
  plan.name = graph.layer(id).name;
  plan.x_max = largest_input(range);
  plan.signed_input = range.low < 0.0F;
  plan.levels = inputs.window.levels;
  return plan;
}

LayerPlan map_layer(const network::Graph& graph,
                    network::LayerId id,
                    const MappingInputs& given,
                    double& cells) {
  const network::Layer& layer = graph.layer(id);
  const std::optional<WeightGrid> grid = chosen_grid(layer, given.options);
  MappingInputs inputs = given;
  if (grid) inputs.window.levels = grid->levels();
  LayerPlan plan = start_plan(graph, id, inputs);
  const LayerMatrices cut = cut_layer(graph, inputs, plan, cells);
  std::vector<Eigen::MatrixXd> rows;
  for (const WeightMatrix& matrix : cut.matrices) {
    rows.push_back(plan.digital_bias ? matrix.W : append_bias(matrix, plan.x_max));
  }
  const double largest = largest_weight(rows, plan.name);
  const double amperes = inputs.read_voltage * inputs.window.width() / plan.x_max;  // at w_max, x=1
  for (std::size_t b = 0; b < cut.matrices.size(); ++b) {
    const std::string name = plan.name + "_b" + std::to_string(b);
    const Eigen::VectorXd w_max =
        grid ? grid->w_max(cut.matrices[b])
             : scale_outputs(rows[b], largest, inputs.options.weight_scale);
    Block block = inputs.options.scheme == Scheme::KernelFirst
                      ? gather_pairs(cut.matrices[b], rows[b], w_max, inputs, name)
                      : split_block(cut.matrices[b], rows[b], w_max, cut.patch, inputs, name);
    block.scale = (w_max / amperes).cast<float>();
    block.w_max = w_max;
    plan.blocks.push_back(std::move(block));
  }
  return plan;
}

void require_gain_fits(const MappingInputs& inputs) {
  if (inputs.options.scheme != Scheme::KernelFirst) return;
  if (inputs.converters.gain == Gain::Nominal) return;
  throw InputError({.place = "converters.gain",
                    .value = '"' + std::string(to_text(inputs.converters.gain)) + '"',
                    .rule = "pairs placed kernel first have no wires whose loss it could make up",
                    .remedy = "set it to \"nominal\""});
}

}  // namespace

TilePlan map_network(const network::Graph& graph, const MappingInputs& inputs) {
  inputs.options.validate("mapping");
  inputs.converters.validate("converters");
  inputs.window.validate("device");
  require_gain_fits(inputs);
  require_some_grid(graph, inputs.options);
  TilePlan plan{.options = inputs.options,
                .converters = inputs.converters,
                .window = inputs.window,
                .read_voltage = inputs.read_voltage,
                .layers = {}};
  double cells = 0.0;
  for (const network::LayerId id : graph.topological_order()) {
    if (graph.layer(id).has_weights()) plan.layers.push_back(map_layer(graph, id, inputs, cells));
  }
  if (plan.layers.empty()) {
    throw InputError({.place = "network",
                      .value = {},
                      .rule = "has no layer with weights, so there is nothing to map",
                      .remedy = "give a network with convolutions or fully connected layers"});
  }
  return plan;
}

int LayerPlan::tile_count() const noexcept {
  int count = 0;
  for (const Block& block : blocks) count += static_cast<int>(block.tiles.size());
  return count;
}

long LayerPlan::crossbar_count() const noexcept {
  return tile_count() * replicas;
}

long LayerPlan::memristor_count() const noexcept {
  long count = 0;
  for (const Block& block : blocks) {
    for (const Tile& tile : block.tiles) count += static_cast<long>(tile.G.size());
  }
  return count * replicas;
}

int TilePlan::tile_count() const noexcept {
  int count = 0;
  for (const LayerPlan& layer : layers) count += layer.tile_count();
  return count;
}

long TilePlan::crossbar_count() const noexcept {
  long count = 0;
  for (const LayerPlan& layer : layers) count += layer.crossbar_count();
  return count;
}

long TilePlan::memristor_count() const noexcept {
  long count = 0;
  for (const LayerPlan& layer : layers) count += layer.memristor_count();
  return count;
}

const LayerPlan& TilePlan::layer(std::string_view name) const {
  std::vector<std::string> names;
  for (const LayerPlan& layer : layers) {
    if (layer.name == name) return layer;
    names.push_back(layer.name);
  }
  throw InputError({.place = "layer \"" + std::string(name) + '"',
                    .value = {},
                    .rule = "no such layer with weights",
                    .remedy = suggest(name, names)});
}

const Tile& TilePlan::tile(std::string_view name) const {
  std::vector<std::string> names;
  for (const LayerPlan& layer : layers) {
    for (const Block& block : layer.blocks) {
      for (const Tile& tile : block.tiles) {
        if (tile.name == name) return tile;
        names.push_back(tile.name);
      }
    }
  }
  throw InputError({.place = "tile \"" + std::string(name) + '"',
                    .value = {},
                    .rule = "no such tile",
                    .remedy = suggest(name, names)});
}

long parameter_count(const network::Graph& graph, const TilePlan& plan) {
  long count = 0;
  for (const LayerPlan& layer : plan.layers) count += graph.layer(layer.layer).parameter_count();
  return count;
}

}  // namespace memspice::mapping
