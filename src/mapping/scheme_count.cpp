#include "mapping/scheme_count.hpp"

#include <algorithm>

#include "base/division.hpp"
#include "mapping/pack_groups.hpp"

namespace memspice::mapping {
namespace {

/// Bit lines of `outputs` outputs on `tiles` tiles.
long bit_lines_of(long outputs, long tiles, const Options& options) {
  return options.signs == Signs::Pair ? 2 * outputs : outputs + tiles;
}

/// A matrix of rows x outputs weights, a copy for each digit of them, cut into tiles of `most`
/// outputs.
SchemeCount count_tiles(long rows, long outputs, const Options& options, long most) {
  const long column_tiles = divide_up<long>(outputs, most);
  return {.t = 1,
          .sub_images = 1,
          .crossbars = options.slices * divide_up<long>(rows, options.rows) * column_tiles,
          .rows_used = static_cast<int>(std::min<long>(rows, options.rows)),
          .columns_used = static_cast<int>(bit_lines_of(std::min(outputs, most), 1, options)),
          .memristors = options.slices * rows * bit_lines_of(outputs, column_tiles, options)};
}

/// The same of im2col with a bias in each row tile.
SchemeCount count_with_bias_each(long inputs, long outputs, Options options) {
  const long row_tiles = divide_up<long>(inputs, options.rows - 1);
  const int inputs_each = --options.rows;
  SchemeCount count = count_tiles(inputs, outputs, options, options.outputs_per_tile());
  count.rows_used = static_cast<int>(std::min<long>(inputs, inputs_each)) + 1;
  const long column_tiles = divide_up<long>(outputs, options.outputs_per_tile());
  count.memristors += options.slices * row_tiles * bit_lines_of(outputs, column_tiles, options);
  return count;
}

/// `count` for one matrix of one patch -> the layer: all matrices, all patches.
SchemeCount repeat(SchemeCount count,
                   const ConvolutionShape& shape,
                   const Partition& partition,
                   long matrices) {
  count.t = partition.t;
  count.sub_images = partition.sub_images();
  count.crossbars *= matrices * count.sub_images;
  count.memristors *= matrices * count.sub_images;
  count.overlap = overlap_overhead(shape, partition);
  return count;
}

SchemeCount count_im2col(const ConvolutionShape& shape, const Options& options, bool has_bias) {
  const long taps = static_cast<long>(shape.window.kernel[0]) * shape.window.kernel[1];
  const long inputs = shape.channels_in / shape.groups * taps;
  const long outputs = shape.channels_out / shape.groups;
  const int bias_rows = has_bias ? 1 : 0;
  SchemeCount count =
      has_bias && options.bias == Bias::EachTile
          ? count_with_bias_each(inputs, outputs, options)
          : count_tiles(inputs + bias_rows, outputs, options, options.outputs_per_tile());
  const long packed =
      std::min<long>(shape.groups, groups_per_crossbar(inputs, outputs, bias_rows, options));
  count.rows_used += static_cast<int>((packed - 1) * inputs);
  count.columns_used += static_cast<int>((packed - 1) * bit_lines_of(outputs, 0, options));
  const long shared = divide_up<long>(shape.groups, packed);
  count.crossbars *= shared;
  count.memristors *= shape.groups;
  // Groups that share a crossbar share the unit cell of their bias word line, too.
  if (options.signs == Signs::UnitColumn) {
    count.memristors -= options.slices * (shape.groups - shared) * bias_rows;
  }
  const Partition points = partition_im2col(shape);
  count.overlap = overlap_overhead(shape, points);
  count.vectors_per_crossbar = points.sub_images();
  return count;
}

SchemeCount count_full_depth(const ConvolutionShape& shape, const Options& options) {
  const Partition partition = partition_full_depth(shape, options);
  const long rows = static_cast<long>(shape.channels_in / shape.groups) * partition.window_pixels();
  const long outputs =
      static_cast<long>(shape.channels_out / shape.groups) * partition.patch.outputs();
  return repeat(count_tiles(rows, outputs, options, options.outputs_per_tile()),
                shape,
                partition,
                shape.groups);
}

SchemeCount count_pixels(const ConvolutionShape& shape, const Options& options) {
  const Partition partition = partition_pixels(shape, options);
  const int p = partition.patch.width;
  return repeat(count_tiles(static_cast<long>(shape.channels_in) * p,
                            static_cast<long>(shape.channels_out) * p,
                            options,
                            options.outputs_per_tile()),
                shape,
                partition,
                1);
}

std::optional<SchemeCount> count_pairs(const ConvolutionShape& shape, const Options& options) {
  const auto partition = partition_channel_pairs(shape, options);
  if (!partition) return std::nullopt;
  const int pairs = partition->patch.outputs();
  return repeat(count_tiles(partition->window_pixels(),
                            static_cast<long>(shape.channels_out / shape.groups) * pairs,
                            options,
                            pairs),
                shape,
                *partition,
                shape.channels_in);
}

std::optional<SchemeCount> count_as(Scheme scheme,
                                    const ConvolutionShape& shape,
                                    Options options,
                                    bool has_bias) {
  options.scheme = scheme;
  if (scheme != Scheme::Im2col) options.signs = Signs::Pair;
  return count_scheme(shape, options, has_bias);
}

}  // namespace

KernelCounts count_kernels(const ConvolutionShape& shape, const Options& options) {
  KernelCounts counts;
  const Partition pixels = partition_pixels(shape, options);
  counts.p = pixels.t;
  counts.n_1d = pixels.sub_images() * divide_up<long>(shape.channels_in, options.rows) *
                divide_up<long>(2L * shape.channels_out, options.columns);
  const auto partition = partition_channel_pairs(shape, options);
  if (!partition) return counts;
  counts.t = partition->t;
  counts.n_sub = partition->sub_images();
  counts.n_2d = counts.n_sub * shape.channels_in;
  counts.n_3d = counts.n_2d * shape.channels_out;
  return counts;
}

std::optional<SchemeCount> count_scheme(const ConvolutionShape& shape,
                                        const Options& options,
                                        bool has_bias) {
  if (options.scheme == Scheme::Im2col) return count_im2col(shape, options, has_bias);
  if (options.scheme == Scheme::FullDepth) return count_full_depth(shape, options);
  if (shape.is_pointwise()) return count_pixels(shape, options);
  return count_pairs(shape, options);
}

std::string kernel_kind(const ConvolutionShape& shape) {
  if (shape.is_pointwise()) return "1d";
  return shape.is_depthwise() ? "2d" : "3d";
}

std::vector<LayerSchemes> compare_schemes(const network::Graph& graph, const Options& shared) {
  std::vector<LayerSchemes> layers;
  for (const network::LayerId id : graph.topological_order()) {
    const auto shape = convolution_shape(graph, id);
    if (!shape) continue;
    const Options options = shared.of_layer(graph.layer(id).name);
    const auto& op = std::get<network::Convolution>(graph.layer(id).operation);
    const bool has_bias = !op.bias.data.empty();
    layers.push_back({.name = graph.layer(id).name,
                      .shape = *shape,
                      .kernels = count_kernels(*shape, options),
                      .im2col = count_as(Scheme::Im2col, *shape, options, has_bias),
                      .sub_image = count_as(Scheme::SubImage, *shape, options, has_bias),
                      .full_depth = count_as(Scheme::FullDepth, *shape, options, has_bias)});
  }
  return layers;
}

}  // namespace memspice::mapping
