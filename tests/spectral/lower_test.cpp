#include "spectral/lower.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "spectral/run.hpp"
#include "spectral/spectral_networks.hpp"

namespace memspice::spectral {
namespace {

/// Sums over a few hundred products in another order: some 100 eps of float.
constexpr double kLoweredRounding = 2e-5;

TEST_CASE("A lowered network gives what the runner gives", "[spectral]") {
  using Kind = Activation::Kind;
  const network::Tensor images = spectral_test::random_images({7, 2, 12, 12}, 4);
  for (const Kind kind : {Kind::None, Kind::CRelu, Kind::ZRelu, Kind::ModRelu, Kind::ClRelu}) {
    Architecture shape = spectral_test::small_architecture(kind);
    if (kind == Kind::ModRelu) shape.activation.alpha = -0.5F;
    const SpectralNetwork network = spectral_test::random_network(shape, 11);
    const network::Graph graph = lower(network);
    CAPTURE(to_text(kind));
    CHECK(spectral_test::difference(network::run_graph(graph, images).data,
                                    Runner(network).run(images).data) < kLoweredRounding);
  }
}

TEST_CASE("A lowered network of half the bins gives what the runner gives", "[spectral]") {
  Architecture shape = spectral_test::small_architecture(Activation::Kind::ModRelu);
  shape.storage = Storage::Half;
  const SpectralNetwork network = spectral_test::random_network(shape, 12);
  const network::Tensor images = spectral_test::random_images({3, 2, 12, 12}, 5);
  CHECK(spectral_test::difference(network::run_graph(lower(network), images).data,
                                  Runner(network).run(images).data) < kLoweredRounding);
}

TEST_CASE("Lowered layers are one block per bin; the transform is on no crossbar", "[spectral]") {
  const Architecture shape = spectral_test::small_architecture(Activation::Kind::ClRelu);
  const network::Graph graph = lower(spectral_test::random_network(shape, 13));
  // The last layer keeps 3 x 3 bins.
  const auto& first = graph.layer(graph.find("spectral1"));
  const auto& products = std::get<network::Convolution>(first.operation);
  CHECK(products.groups == 9);
  CHECK(products.weight.shape == network::Shape{9 * 2 * 3, 2 * 2, 1, 1});
  // [Re -Im; Im Re]: of each pair of rows and columns the diagonals repeat, and the largest kernel
  // of every bin of the first layer has size 1.
  for (std::size_t bin = 0; bin < 9; ++bin) {
    double largest = 0.0;
    for (std::size_t d = 0; d < 3; ++d) {
      for (std::size_t c = 0; c < 2; ++c) {
        const float* re = products.weight.data.data() + ((bin * 3 + d) * 2) * 4 + 2 * c;
        CHECK(re[0] == re[5]);
        CHECK(re[1] == -re[4]);
        largest = std::max(largest, std::hypot(double{re[0]}, double{re[1]}));
      }
    }
    CHECK(largest == Approx(1.0).epsilon(1e-6));
  }
  CHECK_FALSE(graph.layer(graph.find("transform")).has_weights());
  CHECK(graph.layer(graph.find("fc1")).has_weights());
}

TEST_CASE("Activations that mix bins cannot be lowered", "[spectral]") {
  const auto network =
      spectral_test::random_network(spectral_test::small_architecture(Activation::Kind::SRelu), 14);
  CHECK_THROWS_AS(lower(network), InputError);
}

}  // namespace
}  // namespace memspice::spectral
