#include "base/division.hpp"
#include "mapping/patch_geometry.hpp"
#include "mapping/unfold.hpp"

namespace memspice::mapping {
namespace {

using network::Tensor;

/// Adds a row of results to the outputs of one plane that tap `tap` of the patches gives.
void add_patches(const Patch& patch, const PatchGeometry& g, int tap, const float* row, float* to) {
  if (patch.kind == Patch::Kind::Rectangle) {
    network::scatter_tap(g.rows, g.columns, g.tap(tap), row, to);
    return;
  }
  const std::int64_t pixels = g.rows.length * g.columns.length;
  for (std::int64_t pixel = tap; pixel < pixels; pixel += patch.width) to[pixel] += *row++;
}

void fold_layer(const network::Convolution&,
                const Block& block,
                const FloatMatrix& Y,
                int first,
                int count,
                Tensor& output) {
  const Patch& patch = block.patch;
  const auto size = plane_size(output);
  const PatchGeometry g =
      geometry_of({.kernel = {patch.height, patch.width}, .stride = {patch.height, patch.width}},
                  size,
                  {divide_up(size[0], std::int64_t{patch.height}),
                   divide_up(size[1], std::int64_t{patch.width})});
  const std::ptrdiff_t vectors = Y.cols() / count;
  for (int j = 0; j < block.output_count; ++j) {
    for (int n = 0; n < count; ++n) {
      add_patches(patch,
                  g,
                  j % patch.outputs(),
                  Y.row(j).data() + n * vectors,
                  plane(output, first + n, block.first_channel_out + j / patch.outputs()));
    }
  }
}

void fold_layer(const network::Deconvolution& layer,
                const Block& block,
                const FloatMatrix& Y,
                int first,
                int count,
                Tensor& output) {
  // The transpose of a convolution from the output plane back to the input plane.
  const Eigen::Index positions = Y.cols() / count;
  const auto size = plane_size(output);
  const std::int64_t rows = output_extent(size[0] - layer.output_padding[0], layer.window, 0);
  const PatchGeometry g = geometry_of(layer.window, size, {rows, positions / rows});
  const int taps = layer.window.kernel[0] * layer.window.kernel[1];
  for (int j = 0; j < block.output_count; ++j) {
    for (int n = 0; n < count; ++n) {
      network::scatter_tap(g.rows,
                           g.columns,
                           g.tap(j % taps),
                           Y.row(j).data() + n * positions,
                           plane(output, first + n, block.first_channel_out + j / taps));
    }
  }
}

void fold_rows(const Block& block, const FloatMatrix& Y, int first, int count, Tensor& output) {
  const Eigen::Index per_image = Y.cols() / count;
  Eigen::Map<FloatMatrix> rows(
      output.data.data() + first * per_image * block.output_count, Y.cols(), block.output_count);
  rows += Y.transpose();
}

template <typename Other>
void fold_layer(
    const Other&, const Block& block, const FloatMatrix& Y, int first, int count, Tensor& output) {
  if constexpr (kIsRowProduct<Other>) fold_rows(block, Y, first, count, output);
}

}  // namespace

void fold(const network::Layer& layer,
          const Block& block,
          const FloatMatrix& Y,
          int first,
          int count,
          Tensor& output) {
  std::visit([&](const auto& op) { fold_layer(op, block, Y, first, count, output); },
             layer.operation);
}

}  // namespace memspice::mapping
