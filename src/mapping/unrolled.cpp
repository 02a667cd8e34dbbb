#include "mapping/unrolled.hpp"

namespace memspice::mapping {
namespace {

/// The part of a layer that one matrix holds: channels of input and output, counted in the layer.
struct Slice {
  int first_in = 0, in = 0, first_out = 0, out = 0;
};

float weight_at(const network::Convolution& layer, int o, int c, int u, int v) {
  const auto& shape = layer.weight.shape;  // C_out x C_in/groups x k_h x k_w
  const std::int64_t channel = c % shape[1];
  return layer.weight
      .data[static_cast<std::size_t>(((o * shape[1] + channel) * shape[2] + u) * shape[3] + v)];
}

/// One kernel slice K[o, c], at every output of the patch.
void place_slice(const network::Convolution& layer,
                 const Partition& partition,
                 std::array<int, 2> channels,
                 Eigen::Ref<Eigen::MatrixXd> part) {
  const network::Window& w = layer.window;
  const Patch& patch = partition.patch;
  for (int a = 0; a < patch.height; ++a) {
    for (int b = 0; b < patch.width; ++b) {
      for (int u = 0; u < w.kernel[0]; ++u) {
        for (int v = 0; v < w.kernel[1]; ++v) {
          const int y = a * w.stride[0] + u * w.dilation[0];
          const int x = b * w.stride[1] + v * w.dilation[1];
          part(y * partition.window[1] + x, a * patch.width + b) =
              weight_at(layer, channels[0], channels[1], u, v);
        }
      }
    }
  }
}

/// A pixel's weight for the same pixel of a run.
void place_pixels(float weight, Eigen::Ref<Eigen::MatrixXd> part) {
  part.diagonal().setConstant(weight);
}

WeightMatrix unroll(const network::Convolution& layer,
                    const Partition& partition,
                    const Slice& slice) {
  const int rows = partition.window_pixels();
  const int columns = partition.patch.outputs();
  WeightMatrix matrix{.W = Eigen::MatrixXd::Zero(slice.in * rows, slice.out * columns),
                      .bias = {},
                      .first_channel_in = slice.first_in,
                      .first_channel_out = slice.first_out};
  for (int c = 0; c < slice.in; ++c) {
    for (int o = 0; o < slice.out; ++o) {
      const auto part = matrix.W.block(c * rows, o * columns, rows, columns);
      const std::array channels{slice.first_out + o, slice.first_in + c};
      if (partition.patch.kind == Patch::Kind::Run) {
        place_pixels(weight_at(layer, channels[0], channels[1], 0, 0), part);
      } else {
        place_slice(layer, partition, channels, part);
      }
    }
  }
  return matrix;
}

}  // namespace

std::vector<WeightMatrix> unrolled_matrices(const network::Convolution& layer,
                                            const Partition& partition,
                                            Scheme scheme) {
  const int in = static_cast<int>(layer.weight.shape[1]);
  const int out = static_cast<int>(layer.weight.shape[0]) / layer.groups;
  const bool in_pairs =
      scheme == Scheme::SubImage && partition.patch.kind == Patch::Kind::Rectangle;
  const int step = in_pairs ? 1 : in;
  std::vector<WeightMatrix> matrices;
  for (int c = 0; c < in * layer.groups; c += step) {
    matrices.push_back(unroll(
        layer, partition, {.first_in = c, .in = step, .first_out = c / in * out, .out = out}));
  }
  return matrices;
}

}  // namespace memspice::mapping
