#include "spectral/cost.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "spectral/candidates.hpp"
#include "spectral/digital_cost.hpp"
#include "spectral/run.hpp"
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

TEST_CASE("The image's transform is 4 multiplications to 6 additions of its flops", "[spectral]") {
  const Counts counts = count_transform(fuse(lenet()));
  const double flops = 5.0 * 784 * std::log2(784.0);
  CHECK(counts.multiplications == std::llround(0.4 * flops));
  CHECK(counts.additions == std::llround(0.6 * flops));
  CHECK(counts.words_in == 784);
  CHECK(counts.words_out == 2 * 14 * 14);
}

TEST_CASE("The classifier's layers add up to the classifier", "[spectral]") {
  const NetworkCost cost = count_cost(lenet());
  REQUIRE(cost.classifier_layers.size() == 3);
  CHECK(cost.classifier_layers[1].multiplications == 120 * 84);
  CHECK(cost.classifier_layers[1].additions == 119 * 84);
  Counts sum;
  for (const Counts& layer : cost.classifier_layers) sum += layer;
  CHECK(sum.operations() == cost.classifier.operations());
  CHECK(sum.words() == cost.classifier.words());
}

TEST_CASE("price weighs operations and words by the card", "[spectral]") {
  DigitalCard card;
  card.multiply.value = 4e-12;
  card.add.value = 1e-12;
  card.word.value = 10e-12;
  card.multiplier_area.value = 2e-9;
  card.adder_area.value = 1e-9;
  card.clock.value = 1e9;
  const Counts counts{
      .multiplications = 100, .additions = 33, .words_in = 5, .words_kernel = 6, .words_out = 7};
  const DigitalCost cost = price(counts, card, 16);
  CHECK(cost.energy_arithmetic == Approx(433e-12));
  CHECK(cost.energy_words == Approx(180e-12));
  CHECK(cost.energy() == Approx(613e-12));
  CHECK(cost.latency == Approx(7e-9));  // 100 multiplications on 16 lanes: 7 cycles
  CHECK(unit_area(card, 16) == Approx(48e-9));
  CHECK(price({}, card, 1).energy() == 0.0);
}

TEST_CASE("Unfused and fused are the same network", "[spectral]") {
  const SpectralNetwork fused = fuse(spectral_test::random_network(
      spectral_test::small_architecture(Activation::Kind::ClRelu), 5));
  const SpectralNetwork whole = unfuse(fused);
  CHECK(whole.architecture.layers[0].size == 12);
  CHECK(whole.architecture.layers[1].size == 6);
  CHECK(fuse(whole).architecture.layers == fused.architecture.layers);
  const network::Tensor images = spectral_test::random_images({3, 2, 12, 12}, 9);
  // Products with powers of a ratio and sums over other bins: a few roundings of 6e-8.
  CHECK(spectral_test::difference(Runner(whole).run(images).data, Runner(fused).run(images).data) <
        1e-6);
}

}  // namespace
}  // namespace memspice::spectral
