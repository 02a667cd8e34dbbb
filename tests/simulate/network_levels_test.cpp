// A network trained for few bits on cells of just those levels: ideal tiles compute what the float
// reference does, and on other levels they do not.
#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "base/random.hpp"
#include "mapping/weight_grid.hpp"
#include "simulate/kernel_first_kernel.hpp"
#include "simulate/simulate.hpp"

using namespace memspice;
using Catch::Matchers::Contains;
using network::Tensor;

namespace {

Tensor uniform(network::Shape shape, std::string_view purpose) {
  RandomStream random(11, purpose);
  Tensor tensor(std::move(shape));
  for (float& value : tensor.data) value = static_cast<float>(random.uniform(-1.0, 1.0));
  return tensor;
}

/// Weights of -largest .. largest times each output's step; the first reaches an end.
Tensor on_grid(network::Shape shape, const network::Steps& steps, int largest) {
  RandomStream random(13, "weights");
  Tensor tensor(std::move(shape));
  const std::size_t row = tensor.data.size() / steps.size();
  for (std::size_t k = 0; k < tensor.data.size(); ++k) {
    const auto span = static_cast<std::uint64_t>(2 * largest + 1);
    const int whole = k == 0 ? -largest : static_cast<int>(random.below(span)) - largest;
    tensor.data[k] = steps[k / row] * static_cast<float>(whole);
  }
  return tensor;
}

/// Convolution of 4 bits, activations rounded to 4 bits, product of 3 bits.
network::Graph quantized_network(const network::Steps& conv_steps) {
  network::Graph graph;
  graph.set_input_shape({1, 2, 6, 6});
  network::Convolution conv{.weight = on_grid({3, 2, 3, 3}, conv_steps, 7),
                            .bias = uniform({3}, "bias"),
                            .window = {{3, 3}, {1, 1}, {1, 1}, {1, 1, 1, 1}, false},
                            .steps = conv_steps};
  const auto first = graph.add({"conv", std::move(conv), {}}, {network::Graph::kInput});
  const network::Quantization rounding{
      .scale = Tensor({1}, 0.1F), .zero_point = Tensor({1}), .low = 0.0F, .high = 15.0F};
  const auto rounded = graph.add({"quant", rounding, {}}, {first});
  const auto flat =
      graph.add({"flat", network::Reshape{.shape = {}, .flatten_axis = 1}, {}}, {rounded});
  const network::Steps steps(5, 0.25F);
  network::FullyConnected fc{
      .weight = on_grid({5, 108}, steps, 3), .bias = uniform({5}, "offsets"), .steps = steps};
  graph.add({"fc", std::move(fc), {}}, {flat});
  return graph;
}

mapping::MappingInputs inputs_for(const network::Graph& graph, const mapping::Options& options) {
  mapping::MappingInputs inputs{.options = options,
                                .converters = {.dac_bits = 0, .adc_bits = 0},
                                .window = {.g_min = 1e-6, .g_max = 20e-6, .levels = 16},
                                .input_ranges = {}};
  for (int k = 0; k < graph.layer_count(); ++k) inputs.input_ranges.push_back({-1.0F, 1.6F});
  return inputs;
}

std::unique_ptr<simulate::LayerKernel> ideal_kernel(const network::Graph& graph,
                                                    const mapping::TilePlan& plan,
                                                    const mapping::LayerPlan& layer) {
  std::vector<std::vector<Eigen::MatrixXd>> G;
  tile::Models models;
  for (const mapping::Block& block : layer.blocks) {
    G.emplace_back();
    models.emplace_back();
    for (const auto& tile : block.tiles) {
      G.back().push_back(tile.G);
      models.back().push_back(tile::make_ideal(tile.G));
    }
  }
  if (plan.options.scheme == mapping::Scheme::KernelFirst) {
    return simulate::make_kernel_first_kernel(
        {.graph = &graph, .plan = &plan, .layer = &layer, .g = simulate::pair_conductances(G)}, {});
  }
  return simulate::make_crossbar_kernel({.graph = &graph,
                                         .plan = &plan,
                                         .layer = &layer,
                                         .tiles = tile::make_behavioural_tiles(std::move(models))},
                                        {});
}

/// Largest difference between ideal crossbars and float, relative to the largest output.
double difference(const network::Graph& graph, const mapping::Options& options) {
  const mapping::TilePlan plan = mapping::map_network(graph, inputs_for(graph, options));
  simulate::Machine machine{.graph = &graph, .kernels = {}};
  for (const mapping::LayerPlan& layer : plan.layers) {
    machine.kernels[layer.layer.value] = ideal_kernel(graph, plan, layer);
  }
  const Tensor batch = uniform({4, 2, 6, 6}, "images");
  const Tensor found = simulate::run_batch(machine, batch);
  const Tensor expected = network::run_graph(graph, batch);
  double largest = 0.0, range = 0.0;
  for (std::size_t k = 0; k < expected.data.size(); ++k) {
    largest = std::max(
        largest,
        std::abs(static_cast<double>(found.data[k]) - static_cast<double>(expected.data[k])));
    range = std::max(range, std::abs(static_cast<double>(expected.data[k])));
  }
  return largest / range;
}

/// Sums of some hundred currents in single precision.
constexpr double kSumRounding = 1e-6;

}  // namespace

TEST_CASE("cells on the network's own levels compute what float does", "[simulate][levels]") {
  const network::Graph graph = quantized_network(network::Steps(3, 0.05F));
  const mapping::Options own{.rows = 16, .columns = 16, .network_levels = true};
  const mapping::TilePlan plan = mapping::map_network(graph, inputs_for(graph, own));
  CHECK(plan.layers[0].levels == 8);  // 0 .. 7 on either cell of a pair
  CHECK(plan.layers[1].levels == 4);
  CHECK(plan.layers[0].digital_bias);
  CHECK(difference(graph, own) < kSumRounding);
  // On 16 levels 7 steps meet no level but the ends: an error of up to 1/30 of the largest weight.
  CHECK(difference(graph, {.rows = 16, .columns = 16}) > 1e-3);
}

TEST_CASE("outputs with steps of their own have scales of their own", "[simulate][levels]") {
  const network::Graph graph = quantized_network({0.05F, 0.02F, 0.4F});
  mapping::Options own{.rows = 16, .columns = 16, .network_levels = true};
  CHECK_THROWS_WITH(mapping::map_network(graph, inputs_for(graph, own)),
                    Contains("layer conv") && Contains("weight_scale to \"output\""));
  own.weight_scale = mapping::WeightScale::Output;
  CHECK(difference(graph, own) < kSumRounding);
  for (const auto scheme : {mapping::Scheme::FullDepth, mapping::Scheme::KernelFirst}) {
    own.scheme = scheme;
    own.rows = own.columns = 128;
    CHECK(difference(graph, own) < kSumRounding);
  }
}

TEST_CASE("a layer whose grid is not known has the window's levels", "[mapping][levels]") {
  network::Graph graph = quantized_network(network::Steps(3, 0.05F));
  network::FullyConnected plain{.weight = uniform({2, 5}, "plain"), .bias = {}};
  graph.add({"plain", std::move(plain), {}}, {graph.find("fc")});
  const mapping::Options own{.rows = 16, .columns = 16, .network_levels = true};
  CHECK(mapping::map_network(graph, inputs_for(graph, own)).layers[2].levels == 16);
}

TEST_CASE("weights off the stated grid have none", "[mapping][levels]") {
  network::Layer layer{
      "fc",
      network::FullyConnected{
          .weight = Tensor({1, 3}, {0.5F, -1.5F, 0.0F}), .bias = {}, .steps = {0.5F}},
      {}};
  CHECK(mapping::weight_grid(layer)->largest == 3);
  auto& fc = std::get<network::FullyConnected>(layer.operation);
  fc.weight.data[2] = 0.2F;
  CHECK_FALSE(mapping::weight_grid(layer));
  fc.weight.data[2] = 0.5F * 65536.0F;
  CHECK_FALSE(mapping::weight_grid(layer));
  fc.steps = {};
  CHECK_FALSE(mapping::weight_grid(layer));
}

TEST_CASE("a network without a grid gives cells no levels", "[mapping][levels]") {
  network::Graph graph;
  graph.set_input_shape({1, 3});
  graph.add({"fc", network::FullyConnected{.weight = uniform({2, 3}, "w"), .bias = {}}, {}},
            {network::Graph::kInput});
  const mapping::Options own{.network_levels = true};
  CHECK_THROWS_WITH(mapping::map_network(graph, inputs_for(graph, own)),
                    Contains("device.levels") && Contains("no layer's weights"));
}
