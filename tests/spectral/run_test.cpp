#include "spectral/run.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

#include "base/error.hpp"
#include "spectral/spectral_networks.hpp"

namespace memspice::spectral {
namespace {

using Kind = Activation::Kind;
using spectral_test::Complex128;
using spectral_test::difference;
using spectral_test::random_images;
using spectral_test::random_network;
using spectral_test::small_architecture;

constexpr double kRunRounding = 2e-5;  ///< float32 through three layers of at most 150 terms

TEST_CASE("A spectral layer is a circular convolution of the signal", "[spectral]") {
  // With kernels that are the spectra of real k x k kernels, no activation and no pooling, the
  // inverse transform of a layer's output is the circular convolution of image and kernel.
  constexpr int n = 6;
  const auto image = spectral_test::random_floats(n * n, 1);
  const auto kernel = spectral_test::random_floats(n * n, 2);
  Architecture a;
  a.name = "one";
  a.image = n;
  a.layers = {{.size = n, .pooled = n, .channels_in = 1, .channels_out = 1}};
  a.classifier = {1};
  a.activation.kind = Kind::None;
  SpectralNetwork network = random_network(a, 1);
  for (std::size_t k = 0; k < n * n; ++k) {
    const Bin bin = bins_of(n, Storage::Full)[k];
    network.kernels[0][k] = Complex(spectral_test::transform_at(kernel.data(), n, bin.ky, bin.kx));
  }
  const float bias = network.biases[0][0];
  const ImageTransform transform(n, n, Storage::Full);
  const Spectra Y =
      LayerProduct(network, 0).apply(transform.apply(network::Tensor({1, 1, n, n}, image)));
  std::vector<Complex> bins;
  for (const auto& bin : Y.bins) bins.push_back(bin(0, 0));
  const auto signal = inverse_transform(bins, n);
  for (int p = 0; p < n; ++p) {
    for (int q = 0; q < n; ++q) {
      double expected = double{bias};
      for (int u = 0; u < n; ++u) {
        for (int v = 0; v < n; ++v) {
          expected +=
              double{kernel[static_cast<std::size_t>(u * n + v)]} *
              double{image[static_cast<std::size_t>((p - u + n) % n * n + (q - v + n) % n)]};
        }
      }
      const Complex y = signal[static_cast<std::size_t>(p * n + q)];
      CHECK(double{y.real()} == Approx(expected).margin(1e-4));
      CHECK(double{y.imag()} == Approx(0.0).margin(1e-4));
    }
  }
}

TEST_CASE("Runner computes what the network's definition says", "[spectral]") {
  // One layer and one map each way, written out with the header's formula.
  Architecture a;
  a.name = "one";
  a.image = 4;
  a.layers = {{.size = 4, .pooled = 2, .channels_in = 1, .channels_out = 1}};
  a.classifier = {1};
  a.activation = {.kind = Kind::ClRelu, .alpha = 0.25F};
  const SpectralNetwork network = random_network(a, 5);
  const network::Tensor images = random_images({1, 1, 4, 4}, 6);
  Complex128 score{};
  double expected = double{network.offsets[0][0]};
  const auto kept = bins_of(2, Storage::Full);
  for (std::size_t k = 0; k < kept.size(); ++k) {
    const auto at = static_cast<std::size_t>(central_bins(4, 2, Storage::Full)[k]);
    Complex128 z = Complex128(network.kernels[0][at]) *
                   spectral_test::transform_at(images.data.data(), 4, kept[k].ky, kept[k].kx);
    if (kept[k] == Bin{0, 0}) z += 16.0 * double{network.biases[0][0]};
    z *= 0.25;  // (M'/M)^2
    if (!(z.real() > 0.0 || z.imag() > 0.0)) z *= 0.25;
    expected += double{network.weights[0].data[2 * k]} * z.real() +
                double{network.weights[0].data[2 * k + 1]} * z.imag();
  }
  const auto scores = Runner(network).run(images);
  CHECK(scores.shape == network::Shape{1, 1});
  CHECK(double{scores.data[0]} == Approx(expected).epsilon(1e-5));
}

TEST_CASE("Fused pooling gives what computing all bins and cropping gives", "[spectral]") {
  const auto kind =
      GENERATE(Kind::None, Kind::CRelu, Kind::ZRelu, Kind::ModRelu, Kind::ClRelu, Kind::SRelu);
  Architecture a = small_architecture(kind);
  if (kind == Kind::SRelu) a.activation.c2 = 0.01F;  // keeps the powers in range
  const SpectralNetwork network = random_network(a, 11);
  const auto images = random_images({3, 2, 12, 12}, 12);
  const auto unfused = Runner(network).run(images);
  CHECK(difference(Runner(fuse(network)).run(images).data, unfused.data) < kRunRounding);
  if (is_binwise(kind)) {
    CHECK(difference(Runner(drop_unused_bins(network)).run(images).data, unfused.data) <
          kRunRounding);
  } else {
    CHECK_THROWS_AS(drop_unused_bins(network), InputError);
  }
}

TEST_CASE("A batch gives what its images give one by one", "[spectral]") {
  const SpectralNetwork network = random_network(small_architecture(Kind::ClRelu), 21);
  const auto images = random_images({5, 2, 12, 12}, 22);
  const Runner runner(network);
  const auto together = runner.run(images);
  for (std::int64_t n = 0; n < 5; ++n) {
    network::Tensor one({1, 2, 12, 12});
    std::copy_n(images.data.begin() + n * one.size(), one.size(), one.data.begin());
    const auto alone = runner.run(one);
    const std::vector<float> row(together.data.begin() + n * 3, together.data.begin() + n * 3 + 3);
    CHECK(difference(row, alone.data) < kRunRounding);
  }
}

TEST_CASE("Half storage of a real network gives the bins of the full one", "[spectral]") {
  // Kernels that are the spectra of real kernels: the other half is the mirror image.
  Architecture half = small_architecture(Kind::ModRelu);
  half.activation.alpha = -0.5F;
  half.storage = Storage::Half;
  Architecture full = half;
  full.storage = Storage::Full;
  SpectralNetwork real = random_network(full, 31), stored = random_network(half, 31);
  for (std::size_t l = 0; l < 2; ++l) {
    const int n = full.layers[l].size;
    const int maps = full.layers[l].channels_in * full.layers[l].channels_out;
    std::vector<std::vector<float>> kernels;
    for (int m = 0; m < maps; ++m) {
      kernels.push_back(spectral_test::random_floats(static_cast<std::size_t>(n * n),
                                                     static_cast<unsigned>(40 + m)));
    }
    for (SpectralNetwork* network : {&real, &stored}) {
      network->biases[l] = real.biases[l];
      std::size_t k = 0;
      for (const Bin bin : bins_of(n, network->architecture.storage)) {
        for (const auto& kernel : kernels) {
          network->kernels[l][k++] =
              Complex(spectral_test::transform_at(kernel.data(), n, bin.ky, bin.kx));
        }
      }
    }
  }
  const auto images = random_images({2, 2, 12, 12}, 33);
  const Eigen::MatrixXf all = Runner(real).features(images);
  const Eigen::MatrixXf some = Runner(stored).features(images);
  const auto full_bins = bins_of(3, Storage::Full), half_bins = bins_of(3, Storage::Half);
  for (std::size_t k = 0; k < half_bins.size(); ++k) {
    const auto at = std::ranges::find(full_bins, half_bins[k]) - full_bins.begin();
    const auto expected = all.middleRows(at * 8, 8);
    const auto found = some.middleRows(static_cast<Eigen::Index>(k) * 8, 8);
    CHECK((found - expected).cwiseAbs().maxCoeff() < 1e-4F * all.cwiseAbs().maxCoeff());
  }
}

TEST_CASE("Activations act as their definitions say", "[spectral]") {
  const Complex z{3.0F, -4.0F};
  CHECK(activate({.kind = Kind::CRelu}, z) == Complex{3.0F, 0.0F});
  CHECK(activate({.kind = Kind::ZRelu}, z) == Complex{});
  CHECK(activate({.kind = Kind::ZRelu}, {1.0F, 2.0F}) == Complex{1.0F, 2.0F});
  CHECK(std::abs(activate({.kind = Kind::ModRelu, .alpha = -2.0F}, z) - 0.6F * z) < 1e-6F);
  CHECK(activate({.kind = Kind::ModRelu, .alpha = -6.0F}, z) == Complex{});
  CHECK(activate({.kind = Kind::ModRelu, .alpha = 1.0F}, Complex{}) == Complex{});
  CHECK(activate({.kind = Kind::ClRelu, .alpha = 0.5F}, z) == z);
  CHECK(activate({.kind = Kind::ClRelu, .alpha = 0.5F}, -Complex{1.0F, 2.0F}) ==
        Complex{-0.5F, -1.0F});
}

TEST_CASE("SReLU is its polynomial of the signal", "[spectral]") {
  constexpr int n = 5;
  const auto values = spectral_test::random_floats(n * n, 51);
  std::vector<Complex> signal(values.begin(), values.end());
  auto bins = transform_map(signal, n);
  const Activation activation{.kind = Kind::SRelu, .c0 = 0.1F, .c1 = 0.7F, .c2 = -0.3F};
  activate_map(activation, n, bins);
  const auto found = inverse_transform(bins, n);
  for (std::size_t k = 0; k < signal.size(); ++k) {
    const float y = values[k];
    CHECK(found[k].real() == Approx(0.1F + 0.7F * y - 0.3F * y * y).margin(1e-5));
  }
}

TEST_CASE("A spectral network survives its file", "[spectral]") {
  const auto file = std::filesystem::temp_directory_path() / "memspice_spectral_test.onnx";
  const SpectralNetwork network = random_network(small_architecture(Kind::ClRelu), 61);
  save_spectral(network, file);
  CHECK(is_spectral_file(file));
  const SpectralNetwork loaded = load_spectral(file);
  CHECK(loaded.architecture.layers == network.architecture.layers);
  CHECK(loaded.architecture.classifier == network.architecture.classifier);
  CHECK(loaded.kernels == network.kernels);
  const auto images = random_images({1, 2, 12, 12}, 62);
  CHECK(Runner(loaded).run(images).data == Runner(network).run(images).data);
  std::filesystem::remove(file);
}

TEST_CASE("Architectures that cannot be are refused with their layer", "[spectral]") {
  using Catch::Matchers::Contains;
  Architecture a = small_architecture(Kind::ClRelu);
  a.storage = Storage::Half;
  CHECK_THROWS_WITH(a.validate("net"), Contains("net.storage") && Contains("full spectrum"));
  a = small_architecture(Kind::ClRelu);
  a.layers[1].size = 7;
  CHECK_THROWS_WITH(a.validate("net"), Contains("net.layer2.size: 7") && Contains("1 to 6"));
  a = small_architecture(Kind::ClRelu);
  a.layers[0].pooled = 0;
  CHECK_THROWS_WITH(a.validate("net"), Contains("net.layer1.pooled"));
  a = small_architecture(Kind::ClRelu);
  a.layers[1].channels_in = 2;
  CHECK_THROWS_WITH(a.validate("net"), Contains("3 maps come in"));
  SpectralNetwork network = random_network(small_architecture(Kind::ClRelu), 71);
  network.kernels[1].pop_back();
  CHECK_THROWS_WITH(Runner(network), Contains("layer2.kernel"));
  CHECK_THROWS_WITH(parse_choice<Activation::Kind>(kActivationNames, "relu", "flow.toml:3"),
                    Contains("crelu"));
}

}  // namespace
}  // namespace memspice::spectral
