#include "simulate/adc_range.hpp"

#include <catch2/catch.hpp>

#include "simulate/simulate.hpp"

using namespace memspice;
using mapping::AdcRange;

namespace {

/// One block of two tiles, of two outputs and of one.
mapping::LayerPlan two_tiles() {
  mapping::Block block;
  block.tiles = {{.name = "a", .output_count = 2, .G = {}},
                 {.name = "b", .output_count = 1, .G = {}}};
  mapping::LayerPlan layer;
  layer.blocks = {block};
  return layer;
}

/// Ten currents of sizes 1/10 .. 1 of `largest`, of both signs.
std::vector<float> currents(float largest) {
  std::vector<float> D;
  for (int k = 1; k <= 10; ++k) {
    D.push_back((k % 2 == 0 ? 0.1F : -0.1F) * static_cast<float>(k) * largest);
  }
  return D;
}

simulate::AdcRanges ranges_by(AdcRange rule, double percentile) {
  mapping::ConverterOptions converters;
  converters.adc_range = rule;
  converters.adc_percentile = percentile;
  return simulate::choose_ranges(
      converters, two_tiles(), 9.0, 10, [](const simulate::TakeCurrents& take) {
        take(0, 0, 0, currents(4.0F));
        take(0, 0, 1, currents(2.0F));
        take(0, 1, 0, std::vector<float>(10, 0.0F));
      });
}

/// Outputs of weights 1 and 1/50 on one crossbar.
network::Graph strong_and_weak() {
  network::FullyConnected fc{.weight = network::Tensor({2, 1}), .bias = {}};
  fc.weight.data = {1.0F, 0.02F};
  network::Graph graph;
  graph.set_input_shape({1, 1});
  graph.set_output(
      graph.add({.name = "fc", .operation = fc, .output_shape = {}}, {network::Graph::kInput}));
  return graph;
}

/// Largest error of the weak output, with converters of 8 bits behind ideal tiles.
double weak_error(AdcRange rule) {
  const network::Graph graph = strong_and_weak();
  mapping::MappingInputs inputs;
  inputs.options.weight_scale = mapping::WeightScale::Layer;
  inputs.converters = {.dac_bits = 0, .adc_bits = 8, .adc_range = rule, .adc_percentile = 100.0};
  inputs.window = {.g_min = 1e-6, .g_max = 20e-6, .levels = 0};
  inputs.input_ranges = {{0.0F, 1.0F}};
  const mapping::TilePlan plan = mapping::map_network(graph, inputs);
  tile::Models models(1);
  for (const mapping::Tile& tile : plan.layers[0].blocks[0].tiles) {
    models[0].push_back(tile::make_ideal(tile.G));
  }
  network::Tensor batch({101, 1});
  for (int k = 0; k <= 100; ++k)
    batch.data[static_cast<std::size_t>(k)] = 0.01F * static_cast<float>(k);
  const simulate::CrossbarLayer layer{.graph = &graph,
                                      .plan = &plan,
                                      .layer = &plan.layers[0],
                                      .tiles = tile::make_behavioural_tiles(std::move(models))};
  const auto kernel =
      simulate::make_crossbar_kernel(layer, {.ranges = simulate::choose_adc_ranges(layer, batch)});
  const network::Tensor* input = &batch;
  const network::Tensor found = kernel->apply({&input, 1}, 0);
  double worst = 0.0;
  for (std::size_t k = 0; k <= 100; ++k) {
    const double expected = 0.02 * static_cast<double>(batch.data[k]);
    worst = std::max(worst, std::abs(static_cast<double>(found.data[2 * k + 1]) - expected));
  }
  return worst;
}

}  // namespace

TEST_CASE("ADCs share their full scale by the rule that is asked", "[simulate]") {
  using Eigen::Vector2d;
  const auto full = ranges_by(AdcRange::FullScale, 100.0);
  CHECK(full[0][0] == Vector2d(9.0, 9.0));
  CHECK(full[0][1][0] == 9.0);

  const auto layer = ranges_by(AdcRange::Calibrated, 100.0);
  CHECK(layer[0][0] == Vector2d(4.0, 4.0));
  CHECK(layer[0][1][0] == 4.0);

  const auto tile = ranges_by(AdcRange::Tile, 100.0);
  CHECK(tile[0][0] == Vector2d(4.0, 4.0));
  CHECK(tile[0][1][0] == 9.0);  // no current at all: the layer's full scale

  const auto output = ranges_by(AdcRange::Output, 100.0);
  CHECK(output[0][0] == Vector2d(4.0, 2.0));
  CHECK(output[0][1][0] == 9.0);

  // Nine of ten currents are at most 0.9 of the largest.
  CHECK(ranges_by(AdcRange::Output, 90.0)[0][0][1] == Approx(1.8));
  CHECK(simulate::largest_range(output) == 9.0);
}

TEST_CASE("an ADC with a range of its own resolves a weak output", "[simulate]") {
  // 127 steps to either side: half a step is 1/254 of the range, that of the strong output (1) or
  // the weak one's own (0.02).
  const double own = weak_error(AdcRange::Output);
  CHECK(own < 0.02 / 254 * 1.001);
  CHECK(own > 0.02 / 254 / 2);
  const double shared = weak_error(AdcRange::Calibrated);
  CHECK(shared < 1.0 / 254 * 1.001);
  CHECK(shared > 1.0 / 254 / 2);
}
