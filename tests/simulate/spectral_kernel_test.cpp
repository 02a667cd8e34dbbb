#include "simulate/spectral_kernel.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "base/random.hpp"
#include "simulate/simulate.hpp"

using namespace memspice;
using network::Convolution;
using network::Tensor;

namespace {

Tensor random_tensor(network::Shape shape, std::string_view purpose) {
  RandomStream random(3, purpose);
  Tensor tensor(std::move(shape));
  for (float& value : tensor.data) value = static_cast<float>(random.uniform(-1.0, 1.0));
  return tensor;
}

/// Largest difference between spectrum and space, relative to the largest output.
double difference(const Convolution& convolution, const Tensor& x) {
  network::Graph graph;
  network::Shape one = x.shape;
  one.front() = 1;
  graph.set_input_shape(one);
  const auto id = graph.add({.name = "layer", .operation = convolution, .output_shape = {}},
                            {network::Graph::kInput});
  graph.set_output(id);
  simulate::Machine machine{.graph = &graph, .kernels = {}};
  machine.kernels[id.value] = simulate::make_spectral_kernel(
      std::make_shared<const spectral::Convolution>(convolution, one, "layer"));
  const Tensor in_spectrum = simulate::run_batch(machine, x);
  const Tensor in_space = network::run_graph(graph, x);
  REQUIRE(in_spectrum.shape == in_space.shape);
  double error = 0.0, size = 0.0;
  for (std::size_t k = 0; k < in_space.data.size(); ++k) {
    error = std::max(error, double{std::abs(in_spectrum.data[k] - in_space.data[k])});
    size = std::max(size, double{std::abs(in_space.data[k])});
  }
  return error / size;
}

Convolution convolution(network::Shape weight, network::Window window, int groups = 1) {
  const std::int64_t outputs = weight.front();
  return {.weight = random_tensor(std::move(weight), "weight"),
          .bias = random_tensor({outputs}, "bias"),
          .window = window,
          .groups = groups};
}

/// Float rounding of a transform there and back: some 10 eps at these sizes; a wrong bin is 1e-2.
constexpr double kEqual = 1e-5;

}  // namespace

TEST_CASE("a layer in the spectrum is the layer in space", "[spectral_kernel]") {
  // 11 images: more than a call of the kernel takes, and no multiple of it.
  CHECK(difference(convolution({6, 1, 5, 5}, {.kernel = {5, 5}, .padding = {2, 2, 2, 2}}),
                   random_tensor({11, 1, 28, 28}, "x")) < kEqual);
  CHECK(difference(convolution({4, 3, 3, 3}, {.kernel = {3, 3}, .stride = {2, 2}}),
                   random_tensor({1, 3, 9, 14}, "x")) < kEqual);
  CHECK(difference(convolution({4, 2, 3, 1}, {.kernel = {3, 1}, .padding = {1, 0, 0, 2}}, 2),
                   random_tensor({3, 4, 7, 5}, "x")) < kEqual);
  CHECK(difference(convolution({2, 3, 1, 1}, {}), random_tensor({2, 3, 1, 1}, "x")) < kEqual);
}

TEST_CASE("zeros give the bias alone", "[spectral_kernel]") {
  const Convolution layer = convolution({2, 1, 3, 3}, {.kernel = {3, 3}});
  CHECK(difference(layer, Tensor({2, 1, 8, 8})) < kEqual);
}

TEST_CASE("the counts of overlap-save are those of its tiles", "[spectral_kernel]") {
  // 28 x 28 with 5 x 5 kernels and padding 2: 28 outputs a side. Whatever F was chosen, t tiles a
  // side of F - 4 outputs cover them; F (F/2 + 1) bins a tile; products are the bins times C D.
  const Convolution layer = convolution({6, 1, 5, 5}, {.kernel = {5, 5}, .padding = {2, 2, 2, 2}});
  const spectral::Convolution spectral(layer, {1, 1, 28, 28}, "layer");
  const int F = spectral.transform_size();
  const int tiles = ((28 + F - 5) / (F - 4)) * ((28 + F - 5) / (F - 4));
  const std::int64_t bins = F * (F / 2 + 1);
  const double flops = tiles * 7 * 2.5 * F * F * std::log2(double{1.0} * F * F);
  const spectral::Counts counts = spectral.counts();
  CHECK(counts.multiplications == 4 * tiles * bins * 6 + std::llround(0.4 * flops));
  // One map in: a complex product is two additions, and none sums over maps.
  CHECK(counts.additions == 2 * tiles * bins * 6 + std::llround(0.6 * flops));
  CHECK(counts.words_in == 28 * 28 + 2 * tiles * bins);
  CHECK(counts.words_kernel == 2 * bins * 6);
  CHECK(counts.words_out == 6 * (28 * 28 + 2 * tiles * bins));
}
