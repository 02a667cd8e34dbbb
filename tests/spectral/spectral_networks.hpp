#pragma once
// Random spectral networks, and the sums that define them, written as plainly as possible.

#include <complex>
#include <numbers>
#include <random>
#include <vector>

#include "spectral/network.hpp"

namespace memspice::spectral_test {

using Complex128 = std::complex<double>;

inline std::vector<float> random_floats(std::size_t count, unsigned seed, float scale = 1.0F) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0.0F, scale);
  std::vector<float> values(count);
  for (float& v : values) v = normal(random);
  return values;
}

inline network::Tensor random_images(network::Shape shape, unsigned seed) {
  network::Tensor images(shape);
  images.data = random_floats(images.data.size(), seed);
  return images;
}

/// One frequency of an n x n image, by the definition.
inline Complex128 transform_at(const float* image, int n, int ky, int kx) {
  Complex128 sum{};
  for (int p = 0; p < n; ++p) {
    for (int q = 0; q < n; ++q) {
      const double angle = -2.0 * std::numbers::pi * (double(ky) * p + double(kx) * q) / n;
      sum += double{image[p * n + q]} * std::polar(1.0, angle);
    }
  }
  return sum;
}

inline spectral::SpectralNetwork random_network(const spectral::Architecture& architecture,
                                                unsigned seed) {
  spectral::SpectralNetwork network;
  network.architecture = architecture;
  for (const auto& layer : architecture.layers) {
    const auto count =
        static_cast<std::size_t>(spectral::bin_count(layer.size, architecture.storage) *
                                 layer.channels_in * layer.channels_out);
    const auto re = random_floats(count, ++seed, 0.5F), im = random_floats(count, ++seed, 0.5F);
    std::vector<std::complex<float>> kernel(count);
    for (std::size_t k = 0; k < count; ++k) kernel[k] = {re[k], im[k]};
    network.kernels.push_back(kernel);
    network.biases.push_back(
        random_floats(static_cast<std::size_t>(layer.channels_out), ++seed, 0.1F));
  }
  std::int64_t inputs = architecture.features();
  for (const std::int64_t outputs : architecture.classifier) {
    network::Tensor weight({outputs, inputs});
    weight.data = random_floats(weight.data.size(), ++seed, 0.05F);
    network.weights.push_back(weight);
    network.offsets.push_back(random_floats(static_cast<std::size_t>(outputs), ++seed));
    inputs = outputs;
  }
  return network;
}

inline spectral::Architecture small_architecture(spectral::Activation::Kind kind) {
  spectral::Architecture a;
  a.name = "small";
  a.image = 12;
  a.channels = 2;
  a.layers = {{.size = 12, .pooled = 6, .channels_in = 2, .channels_out = 3},
              {.size = 6, .pooled = 3, .channels_in = 3, .channels_out = 4}};
  a.classifier = {5, 3};
  a.activation.kind = kind;
  return a;
}

/// Largest |a - b| over largest |b|.
inline double difference(const std::vector<float>& a, const std::vector<float>& b) {
  double error = 0.0, size = 0.0;
  for (std::size_t k = 0; k < b.size(); ++k) {
    error = std::max(error, double{std::abs(a[k] - b[k])});
    size = std::max(size, double{std::abs(b[k])});
  }
  return error / size;
}

}  // namespace memspice::spectral_test
