#include "simulate/kernel_passes.hpp"

#include "mapping/unfold.hpp"
#include "network/vector_kernels.hpp"

namespace memspice::simulate {
namespace {

using network::Tensor;
using network::Window;

/// to[k] += g from[k * stride].
void add_scaled(float g, const float* from, int stride, float* to, int count) {
  if (stride == 1) {
    for (int k = 0; k < count; ++k) to[k] += g * from[k];
  } else {
    for (int k = 0; k < count; ++k) to[k] += g * from[k * stride];
  }
}

float* plane_of(Tensor& tensor, int image, int channel) {
  const std::int64_t size = tensor.shape.size() == 4 ? tensor.shape[2] * tensor.shape[3] : 1;
  return tensor.data.data() + (image * tensor.shape[1] + channel) * size;
}

}  // namespace

PassGeometry pass_geometry(const network::Layer& layer, const network::Shape& input) {
  PassGeometry geometry;
  if (input.size() == 4 && !mapping::takes_rows(layer)) {
    geometry.height_in = static_cast<int>(input[2]);
    geometry.width_in = static_cast<int>(input[3]);
  }
  geometry.height = geometry.height_in;
  geometry.width = geometry.width_in;
  const auto* convolution = std::get_if<network::Convolution>(&layer.operation);
  if (convolution != nullptr) {
    geometry.window = convolution->window;
    geometry.height = static_cast<int>(layer.output_shape[2]);
    geometry.width = static_cast<int>(layer.output_shape[3]);
  }
  return geometry;
}

std::vector<KeptWeight> kept_weights(const PassGeometry& geometry,
                                     const mapping::Block& block,
                                     const mapping::Tile& tile,
                                     const Eigen::VectorXf& g) {
  const Window& w = geometry.window;
  const auto columns = network::window_axis(w, 1, geometry.width_in, geometry.width);
  std::vector<KeptWeight> weights;
  weights.reserve(static_cast<std::size_t>(tile.input_count));
  for (int k = 0; k < tile.input_count; ++k) {
    const int input = tile.input_row(k);
    const int tap = input % geometry.taps();
    KeptWeight kept{.g = g[k], .channel = block.first_channel_in + input / geometry.taps()};
    kept.row_offset = tap / w.kernel[1] * w.dilation[0] - w.padding[0];
    kept.column_offset = tap % w.kernel[1] * w.dilation[1] - w.padding[1];
    const auto [first, end] = network::positions_of(columns, tap % w.kernel[1]);
    if (first < end) {
      kept.first = static_cast<int>(first);
      kept.last = static_cast<int>(end);
    }
    weights.push_back(kept);
  }
  return weights;
}

void run_passes(const PassGeometry& geometry,
                std::span<const KeptWeight> weights,
                std::span<const float> image,
                std::span<float> D) {
  const Window& w = geometry.window;
  const auto plane_in = static_cast<std::ptrdiff_t>(geometry.height_in) * geometry.width_in;
  for (int p = 0; p < geometry.height; ++p) {
    float* row = D.data() + static_cast<std::ptrdiff_t>(p) * geometry.width;
    for (const KeptWeight& kept : weights) {
      const int y = p * w.stride[0] + kept.row_offset;
      if (y < 0 || y >= geometry.height_in) continue;
      const float* from = image.data() + kept.channel * plane_in +
                          static_cast<std::ptrdiff_t>(y) * geometry.width_in +
                          kept.first * w.stride[1] + kept.column_offset;
      add_scaled(kept.g, from, w.stride[1], row + kept.first, kept.last - kept.first);
    }
  }
}

void add_plane(const network::Layer& layer,
               const mapping::Block& block,
               int j,
               std::span<const float> plane,
               int n,
               Tensor& output) {
  const auto* up = std::get_if<network::Deconvolution>(&layer.operation);
  if (up == nullptr) {
    float* to = plane_of(output, n, block.first_channel_out + j);
    for (std::size_t k = 0; k < plane.size(); ++k) to[k] += plane[k];
    return;
  }
  const Window& w = up->window;
  const int taps = w.kernel[0] * w.kernel[1];
  // The input plane's height: what the output's was inferred from.
  const std::int64_t height_in = (output.shape[2] + w.padding[0] + w.padding[2] -
                                  up->output_padding[0] - w.dilation[0] * (w.kernel[0] - 1) - 1) /
                                     w.stride[0] +
                                 1;
  const auto width_in = static_cast<std::int64_t>(plane.size()) / height_in;
  network::scatter_tap(network::window_axis(w, 0, output.shape[2], height_in),
                       network::window_axis(w, 1, output.shape[3], width_in),
                       {j % taps / w.kernel[1], j % taps % w.kernel[1]},
                       plane.data(),
                       plane_of(output, n, block.first_channel_out + j / taps));
}

}  // namespace memspice::simulate
