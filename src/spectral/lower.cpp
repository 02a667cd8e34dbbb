#include "spectral/lower.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace memspice::spectral {
namespace {

using network::LayerId;
using Complex = std::complex<float>;

/// The factor of each bin of the image, 1 over the largest of the first layer's kernels there.
std::vector<float> bin_scales(const SpectralNetwork& network) {
  const auto bins = static_cast<std::size_t>(
      bin_count(network.architecture.layers[0].size, network.architecture.storage));
  const std::vector<Complex>& kernel = network.kernels[0];
  const std::size_t block = kernel.size() / bins;
  std::vector<float> scales;
  for (std::size_t k = 0; k < bins; ++k) {
    float largest = 0.0F;
    for (std::size_t j = 0; j < block; ++j) {
      largest = std::max(largest, std::abs(kernel[k * block + j]));
    }
    scales.push_back(largest > 0.0F ? largest : 1.0F);
  }
  return scales;
}

/// Rows: bins, channels, Re and Im; columns: channels, pixels. Scaled per bin.
network::FullyConnected transform_of(const Architecture& shape, const std::vector<float>& scales) {
  const std::int64_t n = shape.image, C = shape.channels;
  const std::vector<Bin> bins = bins_of(shape.layers[0].size, shape.storage);
  const auto rows = static_cast<std::int64_t>(bins.size()) * C * 2;
  network::FullyConnected matrix{network::Tensor({rows, C * n * n}), {}, true};
  float* row = matrix.weight.data.data();
  for (std::size_t k = 0; k < bins.size(); ++k) {
    for (std::int64_t c = 0; c < C; ++c, row += 2 * C * n * n) {
      for (std::int64_t p = 0; p < n * n; ++p) {
        const auto turns = (bins[k].ky * (p / n) + bins[k].kx * (p % n)) % n;
        const double angle =
            -2.0 * std::numbers::pi * static_cast<double>(turns) / static_cast<double>(n);
        row[c * n * n + p] = scales[k] * static_cast<float>(std::cos(angle));
        row[C * n * n + c * n * n + p] = scales[k] * static_cast<float>(std::sin(angle));
      }
    }
  }
  return matrix;
}

/// Rows of the group of one bin: [Re -Im] and [Im Re] of each output map.
void write_block(const Complex* kernel, std::int64_t C, std::int64_t D, float factor, float* rows) {
  for (std::int64_t d = 0; d < D; ++d) {
    for (std::int64_t c = 0; c < C; ++c) {
      const Complex K = factor * kernel[d * C + c];
      float* re = rows + 2 * d * 2 * C + 2 * c;
      float* im = re + 2 * C;
      re[0] = K.real();
      re[1] = -K.imag();
      im[0] = K.imag();
      im[1] = K.real();
    }
  }
}

network::Convolution products_of(const SpectralNetwork& network,
                                 std::size_t l,
                                 const std::vector<float>& scales) {
  const LayerShape& layer = network.architecture.layers[l];
  const std::int64_t bins = bin_count(layer.size, network.architecture.storage);
  const std::int64_t C = layer.channels_in, D = layer.channels_out;
  network::Convolution products{.weight = network::Tensor({bins * 2 * D, 2 * C, 1, 1}),
                                .bias = network::Tensor({bins * 2 * D}),
                                .window = {},
                                .groups = static_cast<int>(bins)};
  for (std::int64_t k = 0; k < bins; ++k) {
    write_block(network.kernels[l].data() + k * C * D,
                C,
                D,
                l == 0 ? 1.0F / scales[static_cast<std::size_t>(k)] : 1.0F,
                products.weight.data.data() + k * 4 * C * D);
  }
  const auto mean = static_cast<std::size_t>(dc_bin(layer.size, network.architecture.storage));
  const float pixels = static_cast<float>(layer.size) * static_cast<float>(layer.size);
  for (std::size_t d = 0; d < network.biases[l].size(); ++d) {
    products.bias.data[2 * (mean * static_cast<std::size_t>(D) + d)] =
        pixels * network.biases[l][d];
  }
  return products;
}

network::Activation activation_of(const Activation& activation) {
  using Kind = network::Activation::Kind;
  switch (activation.kind) {
    case Activation::Kind::ZRelu:
      return {.kind = Kind::ZRelu};
    case Activation::Kind::ModRelu:
      return {.kind = Kind::ModRelu, .alpha = activation.alpha};
    case Activation::Kind::ClRelu:
      return {.kind = Kind::ClRelu, .alpha = activation.alpha};
    default:
      return {.kind = Kind::Relu};  // CReLU: Re and Im alike
  }
}

/// Adds layers one behind the other.
class Chain {
 public:
  explicit Chain(network::Graph& graph) : graph_(graph) {}
  void add(const std::string& name, network::Operation operation) {
    end_ =
        graph_.add({.name = name, .operation = std::move(operation), .output_shape = {}}, {end_});
  }
  LayerId end() const { return end_; }

 private:
  network::Graph& graph_;
  LayerId end_ = network::Graph::kInput;
};

void add_classifier(const SpectralNetwork& network, Chain& chain) {
  for (std::size_t l = 0; l < network.weights.size(); ++l) {
    const std::string number = std::to_string(l + 1);
    const auto& offset = network.offsets[l];
    chain.add("fc" + number,
              network::FullyConnected{
                  network.weights[l],
                  network::Tensor({static_cast<std::int64_t>(offset.size())}, offset)});
    if (l + 1 < network.weights.size()) chain.add("relu" + number, network::Activation{});
  }
}

}  // namespace

network::Graph lower(const SpectralNetwork& network) {
  const SpectralNetwork small = drop_unused_bins(network);
  const Architecture& shape = small.architecture;
  const std::vector<float> scales = bin_scales(small);
  network::Graph graph;
  graph.set_input_shape({1, shape.channels, shape.image, shape.image});
  Chain chain(graph);
  chain.add("flatten", network::Reshape{.shape = {}, .flatten_axis = 1});
  chain.add("transform", transform_of(shape, scales));
  chain.add("bins", network::Reshape{.shape = {0, -1, 1, 1}, .flatten_axis = {}});
  for (std::size_t l = 0; l < shape.layers.size(); ++l) {
    const std::string number = std::to_string(l + 1);
    chain.add("spectral" + number, products_of(small, l, scales));
    if (shape.activation.kind == Activation::Kind::None) continue;
    chain.add("activation" + number, activation_of(shape.activation));
  }
  chain.add("flatten_bins", network::Reshape{.shape = {}, .flatten_axis = 1});
  add_classifier(small, chain);
  graph.set_output(chain.end());
  return graph;
}

}  // namespace memspice::spectral
