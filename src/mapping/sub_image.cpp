#include "mapping/sub_image.hpp"

#include <algorithm>
#include <string>

#include "base/division.hpp"
#include "base/error.hpp"

namespace memspice::mapping {
namespace {

/// Input pixels along one axis under `outputs` neighbouring outputs.
int window_extent(const network::Window& window, std::size_t axis, int outputs) {
  return (outputs - 1) * window.stride[axis] + (window.kernel[axis] - 1) * window.dilation[axis] +
         1;
}

Partition cut(const ConvolutionShape& shape, int t) {
  const int height = std::min(t, shape.output[0]);
  const int width = std::min(t, shape.output[1]);
  return {
      .patch = {.kind = Patch::Kind::Rectangle, .height = height, .width = width},
      .t = t,
      .down = divide_up(shape.output[0], height),
      .across = divide_up(shape.output[1], width),
      .window = {window_extent(shape.window, 0, height), window_extent(shape.window, 1, width)}};
}

/// The largest cut with channels x window word lines and a patch's bit lines on one crossbar.
std::optional<Partition> largest_cut(const ConvolutionShape& shape,
                                     int channels,
                                     const Options& options) {
  std::optional<Partition> best;
  for (int t = 1; t <= std::max(shape.output[0], shape.output[1]); ++t) {
    const Partition next = cut(shape, t);
    const long rows = static_cast<long>(channels) * next.window_pixels();
    if (rows > options.rows || 2 * next.patch.outputs() > options.columns) break;
    best = next;
  }
  return best;
}

}  // namespace

std::optional<ConvolutionShape> convolution_shape(const network::Graph& graph,
                                                  network::LayerId id) {
  const network::Layer& layer = graph.layer(id);
  const auto* op = std::get_if<network::Convolution>(&layer.operation);
  if (op == nullptr) return std::nullopt;
  return ConvolutionShape{
      .window = op->window,
      .channels_in = static_cast<int>(op->weight.shape[1]) * op->groups,
      .channels_out = static_cast<int>(op->weight.shape[0]),
      .groups = op->groups,
      .output = {static_cast<int>(layer.output_shape[2]), static_cast<int>(layer.output_shape[3])}};
}

std::optional<Partition> partition_channel_pairs(const ConvolutionShape& shape,
                                                 const Options& options) {
  return largest_cut(shape, 1, options);
}

Partition partition_pixels(const ConvolutionShape& shape, const Options& options) {
  const int pixels = shape.output[0] * shape.output[1];
  const int fitting =
      std::min(options.rows / shape.channels_in, options.columns / (2 * shape.channels_out));
  const int p = std::clamp(fitting, 1, pixels);
  return {.patch = {.kind = Patch::Kind::Run, .height = 1, .width = p},
          .t = p,
          .down = 1,
          .across = divide_up(pixels, p),
          .window = {1, p}};
}

Partition partition_full_depth(const ConvolutionShape& shape, const Options& options) {
  return largest_cut(shape, shape.channels_in / shape.groups, options).value_or(cut(shape, 1));
}

Partition partition_im2col(const ConvolutionShape& shape) {
  Partition points = cut(shape, 1);
  points.patch.kind = Patch::Kind::Point;
  return points;
}

Partition partition_of(const ConvolutionShape& shape, const Options& options, const char* place) {
  if (options.scheme == Scheme::Im2col) return partition_im2col(shape);
  if (options.scheme == Scheme::FullDepth) return partition_full_depth(shape, options);
  if (shape.is_pointwise()) return partition_pixels(shape, options);
  if (const auto partition = partition_channel_pairs(shape, options)) return *partition;
  // Taps that a dilation leaves between them take word lines too.
  const int rows = cut(shape, 1).window_pixels();
  throw InputError({.place = "layer " + std::string(place),
                    .value = std::to_string(shape.window.kernel[0]) + "x" +
                             std::to_string(shape.window.kernel[1]) + " kernel",
                    .rule = "one sub-image takes at least " + std::to_string(rows) +
                            " word lines and 2 bit lines, and a crossbar has " +
                            std::to_string(options.rows) + " x " + std::to_string(options.columns),
                    .remedy = "set mapping.rows to at least " + std::to_string(rows) +
                              ", or mapping.scheme to \"im2col\""});
}

double overlap_overhead(const ConvolutionShape& shape, const Partition& partition) {
  if (partition.patch.kind == Patch::Kind::Run) return 0.0;
  double fed = 1.0, padded = 1.0;
  const std::array<int, 2> count{partition.down, partition.across};
  for (std::size_t axis = 0; axis < 2; ++axis) {
    fed *= static_cast<double>(count[axis]) * partition.window[axis];
    padded *= window_extent(shape.window, axis, shape.output[axis]);
  }
  return fed / padded - 1.0;
}

}  // namespace memspice::mapping
