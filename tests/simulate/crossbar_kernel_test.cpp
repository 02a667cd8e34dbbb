// Crossbar layers with ideal tiles, continuous conductances and ideal converters must compute what
// the float reference computes: the mapping, unfolding, tiling and folding are then exact.
#include <catch2/catch.hpp>

#include "base/random.hpp"
#include "simulate/simulate.hpp"

using namespace memspice;
using network::Tensor;

namespace {

Tensor random_input(network::Shape shape, std::string_view purpose, double low, double high) {
  RandomStream random(7, purpose);
  Tensor tensor(std::move(shape));
  for (float& value : tensor.data) value = static_cast<float>(random.uniform(low, high));
  return tensor;
}

mapping::TilePlan plan_of(const network::Graph& graph,
                          double low,
                          const mapping::Options& options,
                          int bits) {
  mapping::MappingInputs inputs;
  inputs.options = options;
  inputs.converters.dac_bits = bits;
  inputs.converters.adc_bits = bits;
  inputs.window = {.g_min = 1e-6, .g_max = 20e-6, .levels = 0};
  for (int k = 0; k < graph.layer_count(); ++k) {
    inputs.input_ranges.push_back({static_cast<float>(low), 1.0F});
  }
  return mapping::map_network(graph, inputs);
}

std::shared_ptr<const tile::LayerTiles> ideal_tiles(const mapping::LayerPlan& layer) {
  tile::Models models;
  for (const mapping::Block& block : layer.blocks) {
    models.emplace_back();
    for (const mapping::Tile& tile : block.tiles) models.back().push_back(tile::make_ideal(tile.G));
  }
  return tile::make_behavioural_tiles(std::move(models));
}

/// Largest difference between crossbar and float reference, relative to the largest output.
double difference(network::Layer layer,
                  network::Shape input_shape,
                  double low,
                  const mapping::Options& options,
                  int bits = 0) {
  network::Graph graph;
  graph.set_input_shape(input_shape);
  graph.set_output(graph.add(std::move(layer), {network::Graph::kInput}));
  const mapping::TilePlan plan = plan_of(graph, low, options, bits);
  input_shape.front() = 3;
  const Tensor batch = random_input(input_shape, "input", low, 1.0);
  const simulate::CrossbarLayer crossbar{.graph = &graph,
                                         .plan = &plan,
                                         .layer = &plan.layers.at(0),
                                         .tiles = ideal_tiles(plan.layers.at(0))};
  simulate::Machine machine{.graph = &graph, .kernels = {}};
  machine.kernels[plan.layers.at(0).layer.value] = simulate::make_crossbar_kernel(
      crossbar, {.ranges = simulate::choose_adc_ranges(crossbar, batch)});
  const Tensor found = simulate::run_batch(machine, batch);
  const Tensor expected = network::run_graph(graph, batch);
  REQUIRE(found.shape == expected.shape);
  const Eigen::Map<const Eigen::VectorXf> f(found.data.data(), found.size());
  const Eigen::Map<const Eigen::VectorXf> e(expected.data.data(), expected.size());
  return (f - e).cwiseAbs().maxCoeff() / e.cwiseAbs().maxCoeff();
}

/// The same on plain tiles.
double difference(network::Layer layer,
                  network::Shape input_shape,
                  double low,
                  int rows,
                  int columns,
                  int bits = 0) {
  return difference(std::move(layer),
                    std::move(input_shape),
                    low,
                    mapping::Options{.rows = rows, .columns = columns},
                    bits);
}

network::Layer convolution(int in, int out, int groups, network::Window window, bool with_bias) {
  network::Convolution op{
      .weight = random_input({out, in / groups, window.kernel[0], window.kernel[1]}, "w", -1, 1),
      .bias = with_bias ? random_input({out}, "b", -0.5, 0.5) : Tensor{},
      .window = window,
      .groups = groups};
  return {.name = "conv", .operation = op, .output_shape = {}};
}

// A differential current is the difference of column sums some ten times larger, each rounded to
// single precision (6e-8) at every addition.
constexpr double kFloatRounding = 1e-5;

}  // namespace

TEST_CASE("a fully connected layer on ideal tiles equals the float layer", "[simulate]") {
  network::FullyConnected fc{.weight = random_input({37, 130}, "w", -1, 1),
                             .bias = random_input({37}, "b", -1, 1)};
  const network::Layer layer{.name = "fc", .operation = fc, .output_shape = {}};
  for (const double low : {0.0, -1.0}) {
    CHECK(difference(layer, {1, 130}, low, 64, 64) < kFloatRounding);
    CHECK(difference(layer, {1, 130}, low, 131, 74) < kFloatRounding);
    CHECK(difference(layer, {1, 130}, low, 1, 2) < kFloatRounding);
  }
}

TEST_CASE("convolutions on ideal tiles equal the float layer", "[simulate]") {
  using network::Window;
  const Window plain{.kernel = {3, 3}};
  const Window padded{.kernel = {5, 3}, .padding = {2, 1, 2, 1}};
  const Window strided{.kernel = {3, 3}, .stride = {2, 3}, .padding = {1, 0, 0, 1}};
  const Window dilated{.kernel = {3, 2}, .dilation = {2, 3}, .padding = {2, 2, 2, 2}};
  for (const Window& window : {plain, padded, strided, dilated}) {
    for (const bool with_bias : {true, false}) {
      CHECK(difference(convolution(4, 6, 1, window, with_bias), {1, 4, 9, 11}, 0.0, 16, 8) <
            kFloatRounding);
      CHECK(difference(convolution(4, 8, 2, window, with_bias), {1, 4, 9, 11}, -1.0, 64, 64) <
            kFloatRounding);
      CHECK(difference(convolution(4, 4, 4, window, with_bias), {1, 4, 9, 11}, 0.0, 64, 64) <
            kFloatRounding);
    }
  }
}

TEST_CASE("transposed convolutions on ideal tiles equal the float layer", "[simulate]") {
  for (const int groups : {1, 2}) {
    network::Deconvolution op{
        .weight = random_input({4, 3, 3, 3}, "w", -1, 1),
        .bias = random_input({3 * groups}, "b", -1, 1),
        .window = {.kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1, 1, 1}},
        .output_padding = {1, 1},
        .groups = groups};
    const network::Layer layer{.name = "up", .operation = op, .output_shape = {}};
    CHECK(difference(layer, {1, 4, 5, 6}, 0.0, 64, 64) < kFloatRounding);
    CHECK(difference(layer, {1, 4, 5, 6}, 0.0, 3, 10) < kFloatRounding);
  }
}

TEST_CASE("scales per output and digital biases compute the same layer", "[simulate]") {
  using mapping::Scheme;
  const network::Window window{.kernel = {3, 3}, .padding = {1, 1, 1, 1}};
  const network::Layer fc{
      .name = "fc",
      .operation = network::FullyConnected{.weight = random_input({9, 70}, "w", -1, 1),
                                           .bias = random_input({9}, "b", -1, 1)},
      .output_shape = {}};
  const network::Layer up{
      .name = "up",
      .operation = network::Deconvolution{.weight = random_input({4, 3, 3, 3}, "w", -1, 1),
                                          .bias = random_input({6}, "b", -1, 1),
                                          .window = {.kernel = {3, 3}, .stride = {2, 2}},
                                          .groups = 2},
      .output_shape = {}};
  for (const auto scale : {mapping::WeightScale::Layer, mapping::WeightScale::Output}) {
    for (const auto bias : {mapping::Bias::WordLine, mapping::Bias::Digital}) {
      mapping::Options options{.rows = 40, .columns = 16, .weight_scale = scale, .bias = bias};
      CHECK(difference(fc, {1, 70}, -1.0, options) < kFloatRounding);
      CHECK(difference(up, {1, 4, 5, 6}, 0.0, options) < kFloatRounding);
      for (const auto scheme : {Scheme::Im2col, Scheme::SubImage, Scheme::FullDepth}) {
        options.scheme = scheme;
        options.rows = scheme == Scheme::FullDepth ? 128 : 40;
        CHECK(difference(convolution(4, 6, 1, window, true), {1, 4, 7, 6}, 0.0, options) <
              kFloatRounding);
        CHECK(difference(convolution(4, 8, 4, window, true), {1, 4, 7, 6}, 0.0, options) <
              kFloatRounding);
      }
    }
  }
}

TEST_CASE("depthwise kernels far apart need a scale per output", "[simulate]") {
  // Four channels whose kernels shrink by 30 each: behind 32 levels a common scale rounds the last
  // to nothing, and what it should give is all its own error.
  network::Layer layer = convolution(4, 4, 4, {.kernel = {3, 3}}, false);
  auto& weight = std::get<network::Convolution>(layer.operation).weight;
  for (std::size_t k = 0; k < weight.data.size(); ++k) {
    weight.data[k] *= std::pow(30.0F, -static_cast<float>(k / 9));
  }
  network::Graph graph;
  graph.set_input_shape({1, 4, 3, 3});
  graph.set_output(graph.add(layer, {network::Graph::kInput}));
  const auto errors = [&](mapping::WeightScale scale) {
    mapping::MappingInputs inputs;
    inputs.options.weight_scale = scale;
    inputs.window = {.g_min = 1e-6, .g_max = 20e-6, .levels = 32};
    const mapping::TilePlan plan = mapping::map_network(graph, inputs);
    std::vector<double> relative;
    for (const mapping::Block& block : plan.layers.at(0).blocks) {
      const Eigen::MatrixXd& G = block.tiles.at(0).G;
      const Eigen::VectorXd w = (G.col(0) - G.col(1)) / inputs.window.width() * block.w_max[0];
      const auto c = static_cast<std::size_t>(block.first_channel_out);
      const Eigen::VectorXd wanted =
          Eigen::Map<const Eigen::VectorXf>(weight.data.data() + 9 * c, 9).cast<double>();
      relative.push_back((w - wanted).cwiseAbs().maxCoeff() / wanted.cwiseAbs().maxCoeff());
    }
    return relative;
  };
  // 31 steps span the largest weight of an output, so rounding is at most half a step.
  for (const double error : errors(mapping::WeightScale::Output)) CHECK(error <= 0.5 / 31 + 1e-9);
  CHECK(errors(mapping::WeightScale::Layer).back() == Approx(1.0));
}

TEST_CASE("calibrated gains give back what tiles lose", "[simulate]") {
  // Output j keeps 1 / (1 + 0.1 j) of its current: its own gain restores it exactly.
  network::Layer layer{
      .name = "fc",
      .operation = network::FullyConnected{.weight = random_input({6, 30}, "w", -1, 1),
                                           .bias = random_input({6}, "b", -1, 1)},
      .output_shape = {}};
  network::Graph graph;
  graph.set_input_shape({1, 30});
  graph.set_output(graph.add(layer, {network::Graph::kInput}));
  const Tensor batch = random_input({5, 30}, "input", 0.0, 1.0);
  const auto error = [&](mapping::WeightScale scale, bool is_uniform, bool has_gain) {
    const mapping::TilePlan plan =
        plan_of(graph, 0.0, {.rows = 16, .columns = 8, .weight_scale = scale}, 0);
    tile::Models lossy;
    for (const mapping::Block& block : plan.layers.at(0).blocks) {
      lossy.emplace_back();
      for (const mapping::Tile& tile : block.tiles) {
        Eigen::MatrixXd G = tile.G;
        for (int j = 0; j < tile.output_count; ++j) {
          const double loss = 1.0 + 0.1 * (is_uniform ? 3 : tile.first_output + j);
          G.middleCols(2 * j, 2) /= loss;
        }
        lossy.back().push_back(tile::make_mesh(G));
      }
    }
    const simulate::CrossbarLayer crossbar{.graph = &graph,
                                           .plan = &plan,
                                           .layer = &plan.layers.at(0),
                                           .tiles = tile::make_behavioural_tiles(std::move(lossy))};
    simulate::AdcSetting adc;
    const auto ideal = ideal_tiles(plan.layers.at(0));
    if (has_gain) adc.gains = simulate::choose_gains(crossbar, *ideal, batch);
    simulate::Machine machine{.graph = &graph, .kernels = {}};
    machine.kernels[plan.layers.at(0).layer.value] =
        simulate::make_crossbar_kernel(crossbar, std::move(adc));
    const Tensor found = simulate::run_batch(machine, batch);
    const Tensor expected = network::run_graph(graph, batch);
    const Eigen::Map<const Eigen::VectorXf> f(found.data.data(), found.size());
    const Eigen::Map<const Eigen::VectorXf> e(expected.data.data(), expected.size());
    return static_cast<double>((f - e).cwiseAbs().maxCoeff() / e.cwiseAbs().maxCoeff());
  };
  using mapping::WeightScale;
  CHECK(error(WeightScale::Output, false, false) > 0.1);
  CHECK(error(WeightScale::Output, false, true) < kFloatRounding);
  // One factor for all outputs restores a loss that all share, and halves others at best.
  CHECK(error(WeightScale::Layer, true, false) > 0.1);
  CHECK(error(WeightScale::Layer, true, true) < kFloatRounding);
  CHECK(error(WeightScale::Layer, false, true) > kFloatRounding);
}

TEST_CASE("converters leave an error of the order of their step", "[simulate]") {
  network::FullyConnected fc{.weight = random_input({16, 60}, "w", -1, 1), .bias = {}};
  const network::Layer layer{.name = "fc", .operation = fc, .output_shape = {}};
  const double coarse = difference(layer, {1, 60}, 0.0, 64, 64, 4);
  const double fine = difference(layer, {1, 60}, 0.0, 64, 64, 10);
  // One ADC step at b bits is range / (2^(b-1) - 1), its error at most half of it plus what the DAC
  // steps add (60 terms of at most half a step each, random in sign).
  CHECK(fine < 1.0 / 511.0);
  CHECK(coarse > 8.0 * fine);
}
