#include "spectral/cost.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "spectral/candidates.hpp"
#include "spectral/spectral_networks.hpp"

namespace memspice::spectral {
namespace {

Architecture lenet() {
  Architecture a;
  a.name = "lenet5";
  a.image = 28;
  a.layers = {{.size = 28, .pooled = 14, .channels_in = 1, .channels_out = 6},
              {.size = 14, .pooled = 7, .channels_in = 6, .channels_out = 16}};
  a.classifier = {120, 84, 10};
  return a;
}

TEST_CASE("count_cost counts products, sums and words of complex layers", "[spectral]") {
  // Layer 2, unfused: 14^2 = 196 bins, 6 -> 16 maps.
  const NetworkCost cost = count_cost(lenet());
  REQUIRE(cost.layers.size() == 2);
  const Counts& second = cost.layers[1].counts;
  CHECK(second.multiplications == 4 * 196 * 6 * 16);
  CHECK(second.additions == 2 * 196 * 6 * 16 + 2 * 196 * 5 * 16);
  CHECK(second.words_in == 2 * 196 * 6);
  CHECK(second.words_kernel == 2 * 196 * 96);
  CHECK(second.words_out == 2 * 196 * 16);
  // One map in: nothing to add over maps.
  CHECK(cost.layers[0].counts.additions == 2 * 784 * 6);
  CHECK(cost.total.multiplications == 4 * 784 * 6 + 4 * 196 * 96);
  CHECK(cost.total.words() == cost.layers[0].counts.words() + second.words());
  CHECK(cost.transform_flops == Approx(5.0 * 784 * std::log2(784.0)));
  CHECK(cost.classifier.multiplications == 2 * 49 * 16 * 120 + 120 * 84 + 84 * 10);
}

TEST_CASE("Fused pooling counts only the bins that survive", "[spectral]") {
  const NetworkCost cost = count_cost(fuse(lenet()));
  CHECK(cost.layers[0].shape.size == 14);
  CHECK(cost.layers[0].counts.multiplications == 4 * 196 * 6);
  CHECK(cost.layers[1].counts.multiplications == 4 * 49 * 96);
}

TEST_CASE("count_cost agrees with the products that a run makes", "[spectral]") {
  // The operations of the definition, counted one by one.
  const Architecture a = spectral_test::small_architecture(Activation::Kind::ClRelu);
  std::int64_t multiplications = 0, additions = 0;
  for (const LayerShape& layer : a.layers) {
    for (std::size_t k = 0; k < bins_of(layer.size, a.storage).size(); ++k) {
      for (int d = 0; d < layer.channels_out; ++d) {
        for (int c = 0; c < layer.channels_in; ++c) {
          multiplications += 4;              // (a + ib)(c + id)
          additions += 2 + (c > 0 ? 2 : 0);  // ac - bd, ad + bc; and onto the sum so far
        }
      }
    }
  }
  CHECK(count_cost(a).total.multiplications == multiplications);
  CHECK(count_cost(a).total.additions == additions);
}

TEST_CASE("Candidates cover three strategies, the dearest first, each once", "[spectral]") {
  const auto candidates = enumerate_candidates(lenet(), {.factors = {0.5, 0.25}});
  // original; 2 sizes, 2 depths, 4 of both: pooled 7, 4 (3.5 rounded), 2 (1.75) and depths
  // (6,16), (3,8), (2,4) all differ.
  REQUIRE(candidates.size() == 9);
  CHECK(candidates.front().strategy == Strategy::Original);
  CHECK(candidates.front().architecture.name == "s14-7_d6-16");
  for (std::size_t k = 1; k < candidates.size(); ++k) {
    CHECK(candidates[k].cost.computation_and_memory() <=
          candidates[k - 1].cost.computation_and_memory());
  }
  CHECK(candidates.back().architecture.name == "s4-2_d2-4");
  CHECK_THROWS_AS(enumerate_candidates(lenet(), {.factors = {0.0}}), InputError);
  CHECK_THROWS_AS(enumerate_candidates(lenet(), {.factors = {1.5}}), InputError);
}

}  // namespace
}  // namespace memspice::spectral
