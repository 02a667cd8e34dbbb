// Weights in digits and inputs bit after bit compute the same layer as whole ones: exactly, but for
// the steps that they round to.
#include <catch2/catch.hpp>

#include "base/random.hpp"
#include "simulate/simulate.hpp"
#include "tile/noisy_tiles.hpp"

using namespace memspice;
using network::Tensor;

namespace {

Tensor uniform_values(network::Shape shape, std::string_view purpose, double low, double high) {
  RandomStream random(23, purpose);
  Tensor tensor(std::move(shape));
  for (float& value : tensor.data) value = static_cast<float>(random.uniform(low, high));
  return tensor;
}

struct Cut {
  int slices = 1, levels = 0, dac_bits = 0, adc_bits = 0;
  mapping::Input input = mapping::Input::Parallel;
  mapping::Scheme scheme = mapping::Scheme::Im2col;
  mapping::WeightScale scale = mapping::WeightScale::Layer;
  mapping::Bias bias = mapping::Bias::WordLine;
};

/// One layer on ideal tiles.
struct DigitLayer {
  network::Graph graph;
  mapping::TilePlan plan;
  Tensor batch;

  simulate::CrossbarLayer crossbar(std::shared_ptr<const tile::LayerTiles> tiles) const {
    return {.graph = &graph, .plan = &plan, .layer = &plan.layers.at(0), .tiles = std::move(tiles)};
  }
  std::shared_ptr<const tile::LayerTiles> ideal() const {
    tile::Models models;
    for (const mapping::Block& block : plan.layers.at(0).blocks) {
      models.emplace_back();
      for (const mapping::Tile& tile : block.tiles) {
        models.back().push_back(tile::make_ideal(tile.G));
      }
    }
    return tile::make_behavioural_tiles(std::move(models));
  }
  Tensor run(std::shared_ptr<const tile::LayerTiles> tiles, const Tensor& images, int first) const {
    const simulate::CrossbarLayer layer = crossbar(std::move(tiles));
    simulate::Machine machine{.graph = &graph, .kernels = {}};
    machine.kernels[plan.layers.at(0).layer.value] = simulate::make_crossbar_kernel(
        layer, {.ranges = simulate::choose_adc_ranges(layer, batch)});
    return simulate::run_batch(machine, images, static_cast<std::uint64_t>(first));
  }
  Tensor run() const { return run(ideal(), batch, 0); }
};

DigitLayer digit_layer(network::Operation operation, Tensor batch, double low, const Cut& cut) {
  DigitLayer d{.graph = {}, .plan = {}, .batch = std::move(batch)};
  network::Shape shape = d.batch.shape;
  shape.front() = 1;
  d.graph.set_input_shape(shape);
  d.graph.set_output(
      d.graph.add({.name = "layer", .operation = std::move(operation), .output_shape = {}},
                  {network::Graph::kInput}));
  mapping::MappingInputs inputs;
  inputs.options = {.rows = 16, .columns = 12, .scheme = cut.scheme, .weight_scale = cut.scale};
  inputs.options.slices = cut.slices;
  inputs.options.bias = cut.bias;
  inputs.converters.input = cut.input;
  inputs.converters.dac_bits = cut.dac_bits;
  inputs.converters.adc_bits = cut.adc_bits;
  inputs.converters.adc_percentile = 100.0;
  inputs.window = {.g_min = 1e-6, .g_max = 20e-6, .levels = cut.levels};
  inputs.input_ranges.push_back({static_cast<float>(low), 1.0F});
  d.plan = mapping::map_network(d.graph, inputs);
  return d;
}

/// Relative to the largest of `expected`.
double off_by(const Tensor& found, const Tensor& expected) {
  REQUIRE(found.shape == expected.shape);
  const Eigen::Map<const Eigen::VectorXf> f(found.data.data(), found.size());
  const Eigen::Map<const Eigen::VectorXf> e(expected.data.data(), expected.size());
  return (f - e).cwiseAbs().maxCoeff() / e.cwiseAbs().maxCoeff();
}

network::Convolution grouped_convolution() {
  return {.weight = uniform_values({6, 2, 3, 3}, "w", -1, 1),
          .bias = uniform_values({6}, "b", -1, 1),
          .window = {.kernel = {3, 3}, .stride = {2, 1}, .padding = {1, 1, 0, 1}},
          .groups = 2};
}

Tensor planes(double low) {
  return uniform_values({3, 4, 7, 8}, "x", low, 1.0);
}

// Currents of a pair are differences of column sums some ten times larger, in single precision.
constexpr double kOfPairs = 1e-5;

}  // namespace

TEST_CASE("digits on enough levels equal the float layer", "[simulate][slices]") {
  for (const double low : {0.0, -1.0}) {
    const Cut cut{.slices = 4, .levels = 32};  // 2^20 - 1 steps: half of one is 5e-7 of the largest
    const DigitLayer d = digit_layer(grouped_convolution(), planes(low), low, cut);
    CHECK(off_by(d.run(), network::run_graph(d.graph, d.batch)) < kOfPairs);
  }
}

TEST_CASE("a share of the bias in each row tile adds up to it", "[simulate][differential]") {
  const Cut cut{.bias = mapping::Bias::EachTile};
  const DigitLayer grouped = digit_layer(grouped_convolution(), planes(0.0), 0.0, cut);
  CHECK(grouped.plan.layers[0].blocks[0].row_tiles == 2);  // 18 inputs, 15 a tile
  CHECK(off_by(grouped.run(), network::run_graph(grouped.graph, grouped.batch)) < kOfPairs);
  const network::FullyConnected fc{.weight = uniform_values({9, 40}, "w", -1, 1),
                                   .bias = uniform_values({9}, "b", -1, 1)};
  const Tensor x = uniform_values({5, 40}, "x", 0, 1);
  const DigitLayer product = digit_layer(fc, x, 0, {.slices = 4, .levels = 32, .bias = cut.bias});
  CHECK(off_by(product.run(), network::run_graph(product.graph, x)) < kOfPairs);
}

TEST_CASE("few digits are off by the steps that they round to", "[simulate][slices]") {
  const network::FullyConnected fc{.weight = uniform_values({9, 40}, "w", -1, 1), .bias = {}};
  const Tensor x = uniform_values({5, 40}, "x", 0, 1);
  double before = 1.0;
  for (const int slices : {1, 2, 3}) {
    const DigitLayer d = digit_layer(fc, x, 0, {.slices = slices, .levels = 4});
    const Tensor expected = network::run_graph(d.graph, x);
    const double largest =
        *std::max_element(expected.data.begin(), expected.data.end(), [](float a, float b) {
          return std::abs(a) < std::abs(b);
        });
    // Every weight is off by half a step of 4^slices - 1 at most, every input is 1 at most.
    const double bound = 40.0 * 0.5 / (std::pow(4.0, slices) - 1.0) / std::abs(largest);
    const double found = off_by(d.run(), expected);
    CHECK(found < bound);
    CHECK(found > kOfPairs);
    CHECK(found < 0.5 * before);
    before = found;
  }
}

TEST_CASE("inputs bit after bit equal whole ones", "[simulate][bit_serial]") {
  using mapping::Input;
  for (const auto scheme : {mapping::Scheme::Im2col, mapping::Scheme::SubImage}) {
    for (const double low : {0.0, -1.0}) {
      Cut cut{.slices = 2, .levels = 16, .dac_bits = 6, .scheme = scheme};
      network::Convolution whole = grouped_convolution();
      const Tensor in_one = digit_layer(whole, planes(low), low, cut).run();
      cut.input = Input::BitSerial;
      CHECK(off_by(digit_layer(whole, planes(low), low, cut).run(), in_one) < kOfPairs);
    }
  }
  // 16 bits: against float, whose inputs are off by 1/2^17 each.
  Cut fine{.dac_bits = 16, .input = Input::BitSerial};
  const DigitLayer d = digit_layer(grouped_convolution(), planes(0.0), 0.0, fine);
  CHECK(off_by(d.run(), network::run_graph(d.graph, d.batch)) < 2 * kOfPairs);
}

TEST_CASE("each bit is converted by itself", "[simulate][bit_serial]") {
  // One weight of 1 on a window from 0: bit k draws U width or nothing, the range is all of it, so
  // an ADC of any width gives each bit exactly, where it would round the whole input.
  Cut cut{.dac_bits = 8, .adc_bits = 2, .input = mapping::Input::BitSerial};
  const network::FullyConnected one{.weight = Tensor({1, 1}, {1.0F}), .bias = {}};
  const Tensor x({4, 1}, {0.0F, 1.0F, 100.0F / 255.0F, 77.0F / 255.0F});
  const Tensor found = digit_layer(one, x, 0.0, cut).run();
  for (std::size_t k = 0; k < 4; ++k) CHECK(found.data[k] == Approx(x.data[k]).margin(1e-6));
  cut.input = mapping::Input::Parallel;
  const Tensor rounded = digit_layer(one, x, 0.0, cut).run();
  CHECK(rounded.data[2] == Approx(0.0).margin(1e-6));  // codes -1, 0, 1
}

TEST_CASE("every read of an image draws noise of its own, in whatever batch",
          "[simulate][bit_serial]") {
  const Cut cut{.dac_bits = 4, .input = mapping::Input::BitSerial};
  const DigitLayer d = digit_layer(grouped_convolution(), planes(0.0), 0.0, cut);
  const auto noisy = tile::add_read_noise(
      d.ideal(),
      {.layer = &d.plan.layers.at(0),
       .noise = {.sigma = 1e-6, .telegraph_amplitude = 0.1, .telegraph_probability = 0.2},
       .random = RandomStream(5, "read_noise")});
  const Tensor all = d.run(noisy, d.batch, 0);
  const std::int64_t size = d.batch.size() / 3;
  for (int n = 0; n < 3; ++n) {
    const auto from = d.batch.data.begin() + n * size;
    const Tensor image({1, 4, 7, 8}, std::vector<float>(from, from + size));
    const Tensor alone = d.run(noisy, image, n);
    const auto first = all.data.begin() + n * alone.size();
    CHECK(std::equal(alone.data.begin(), alone.data.end(), first));
  }
  CHECK(off_by(all, d.run()) > 1e-3);
}
