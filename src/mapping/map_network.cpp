#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "mapping/cell_span.hpp"
#include "mapping/input_reads.hpp"
#include "mapping/kernel_first_plan.hpp"
#include "mapping/map_rules.hpp"
#include "mapping/pack_groups.hpp"
#include "mapping/slices.hpp"
#include "mapping/split_block.hpp"
#include "mapping/tile_plan.hpp"
#include "mapping/unrolled.hpp"
#include "mapping/weight_grid.hpp"
#include "mapping/weight_matrix.hpp"

namespace memspice::mapping {
namespace {

/// W with b / x_max as its last row, or a tile's share of it; W alone without a bias.
Eigen::MatrixXd append_bias(const WeightMatrix& matrix, double x_max, const Options& options) {
  if (matrix.bias.size() == 0) return matrix.W;
  const auto inputs = static_cast<int>(matrix.W.rows());
  const std::size_t shares =
      options.bias == Bias::EachTile ? cut_rows(inputs, inputs + 1, options).size() : 1;
  Eigen::MatrixXd rows(matrix.W.rows() + 1, matrix.W.cols());
  rows << matrix.W, matrix.bias.transpose() / (x_max * static_cast<double>(shares));
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

/// Those of groups, each by itself or packed.
std::vector<WeightMatrix> group_matrices(const network::Layer& layer,
                                         bool digital_bias,
                                         const Options& options) {
  std::vector<WeightMatrix> groups = weight_matrices(layer);
  const WeightMatrix& one = groups.front();
  const int bias_rows = one.bias.size() > 0 && !digital_bias ? 1 : 0;
  const long each = groups_per_crossbar(one.W.rows(), one.W.cols(), bias_rows, options);
  return each == 1 ? std::move(groups) : pack_groups(groups, each);
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
    return {.matrices = group_matrices(layer, plan.digital_bias, inputs.options), .patch = {}};
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
  plan.slices = inputs.options.slices;
  plan.rows = inputs.options.rows;
  plan.columns = inputs.options.columns;
  return plan;
}

/// The levels of the cells that hold a layer's weights, and what takes each output's whole range.
struct CellGrid {
  std::optional<WeightGrid> stated;  ///< by the network's file
  int levels = 0;
  int values = 0;  ///< of a digit, from 0 up; 0: a continuum

  Eigen::VectorXd w_max(const WeightMatrix& matrix, int slices) const {
    const double steps = slices == 1 ? stated->largest : steps_of_slices(values, slices);
    return stated->w_max(matrix) * (steps / stated->largest);
  }
};

CellGrid cell_grid(const network::Layer& layer, const MappingInputs& inputs) {
  const Signs signs = inputs.options.signs;
  const int slices = inputs.options.slices, levels = inputs.window.levels;
  CellGrid grid{.stated = chosen_grid(layer, inputs.options),
                .levels = levels,
                .values = levels == 0 ? 0 : digit_values(levels, signs)};
  if (grid.stated) {
    grid.values = slices == 1 ? grid.stated->levels() : levels_for(grid.stated->largest, slices);
    grid.levels = levels_of_digit(grid.values, signs);
  }
  return grid;
}

/// A group's blocks, one a slice, the least significant first.
std::vector<Block> blocks_of(const WeightMatrix& matrix,
                             const Eigen::MatrixXd& W_rows,
                             const Eigen::VectorXd& w_max,
                             const Patch& patch,
                             const MappingInputs& inputs,
                             const std::string& name) {
  const int slices = inputs.options.slices;
  std::vector<Block> blocks;
  const int values = digit_values(inputs.window.levels, inputs.options.signs);
  for (const WeightSlice& slice : slice_weights(W_rows, w_max, values, slices)) {
    const auto s = static_cast<int>(blocks.size());
    const std::string own = slices == 1 ? name : name + "_s" + std::to_string(s);
    blocks.push_back(inputs.options.scheme == Scheme::KernelFirst
                         ? gather_pairs(matrix, slice.W, slice.w_max, inputs, own)
                         : split_block(matrix, slice.W, slice.w_max, patch, inputs, own));
    blocks.back().slice = s;
    blocks.back().w_max = slice.w_max;
  }
  return blocks;
}

LayerPlan map_layer(const network::Graph& graph,
                    network::LayerId id,
                    const MappingInputs& given,
                    double& cells) {
  const CellGrid grid = cell_grid(graph.layer(id), given);
  MappingInputs inputs = given;
  inputs.options = given.options.of_layer(graph.layer(id).name);
  inputs.window.levels = grid.levels;
  LayerPlan plan = start_plan(graph, id, inputs);
  const LayerMatrices cut = cut_layer(graph, inputs, plan, cells);
  std::vector<Eigen::MatrixXd> rows;
  for (const WeightMatrix& matrix : cut.matrices) {
    rows.push_back(plan.digital_bias ? matrix.W : append_bias(matrix, plan.x_max, inputs.options));
  }
  const double largest = largest_weight(rows, plan.name);
  const double width = cell_span(inputs.window, inputs.options.signs).width;
  const double amperes = inputs.read_voltage * width / plan.x_max;  // at w_max, x=1
  for (std::size_t g = 0; g < cut.matrices.size(); ++g) {
    const Eigen::VectorXd w_max =
        grid.stated ? grid.w_max(cut.matrices[g], plan.slices)
                    : scale_outputs(rows[g], largest, inputs.options.weight_scale);
    const std::string name = plan.name + "_b" + std::to_string(g);
    for (Block& block : blocks_of(cut.matrices[g], rows[g], w_max, cut.patch, inputs, name)) {
      block.scale = (block.w_max / amperes).cast<float>();
      plan.blocks.push_back(std::move(block));
    }
  }
  plan.vectors_per_image *= reads_per_vector(inputs.converters, plan.signed_input);
  return plan;
}

}  // namespace

TilePlan map_network(const network::Graph& graph, const MappingInputs& inputs) {
  inputs.options.validate("mapping");
  inputs.converters.validate("converters");
  inputs.window.validate("device");
  require_mappable(inputs);
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

}  // namespace memspice::mapping
