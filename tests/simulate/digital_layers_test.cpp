// Layers that stay digital between layers on crossbars: with ideal tiles, continuous conductances
// and ideal converters a network computes what the float reference computes.
#include <catch2/catch.hpp>

#include "base/random.hpp"
#include "network/ranges.hpp"
#include "simulate/simulate.hpp"

using namespace memspice;
using network::LayerId;
using network::Tensor;

namespace {

// Two layers whose differential currents are rounded to single precision at every addition, some
// ten times as large as their difference; normalisations and powers stretch what the first leaves.
constexpr double kTwoLayers = 1e-4;

Tensor uniform(network::Shape shape, std::string_view purpose, double low, double high) {
  RandomStream random(11, purpose);
  Tensor tensor(std::move(shape));
  for (float& value : tensor.data) value = static_cast<float>(random.uniform(low, high));
  return tensor;
}

/// 2 x 6 x 6 images, conv 3x3 to 4 x 4 x 4, `middle` with a second operand where it takes one, a
/// product to 3 scores.
network::Graph network_around(const network::Operation& middle) {
  network::Graph graph;
  graph.set_input_shape({1, 2, 6, 6});
  network::Convolution conv{.weight = uniform({4, 2, 3, 3}, "kernel", -1, 1),
                            .bias = uniform({4}, "shift", -1, 1),
                            .window = {.kernel = {3, 3}}};
  const LayerId first = graph.add({"conv", std::move(conv), {}}, {network::Graph::kInput});
  std::vector<LayerId> operands{first};
  const auto* pair = std::get_if<network::Elementwise>(&middle);
  if (pair != nullptr && !pair->constant) {
    operands.push_back(graph.add({"second", network::Activation{}, {}}, {first}));
  }
  const LayerId between = graph.add({"middle", middle, {}}, operands);
  const LayerId row = graph.add({"row", network::Reshape{{0, -1}, {}}, {}}, {between});
  const std::int64_t n = graph.shape_of(row)[1];
  network::FullyConnected fc{.weight = uniform({3, n}, "scores", -1, 1),
                             .bias = uniform({3}, "bias", -1, 1)};
  graph.set_output(graph.add({"fc", std::move(fc), {}}, {row}));
  return graph;
}

/// Every layer with weights on ideal tiles.
simulate::Machine ideal_machine(const network::Graph& graph,
                                const network::Activations& seen,
                                const mapping::TilePlan& plan) {
  simulate::Machine machine{.graph = &graph, .kernels = {}};
  for (const mapping::LayerPlan& layer : plan.layers) {
    tile::Models models;
    for (const mapping::Block& block : layer.blocks) {
      models.emplace_back();
      for (const auto& tile : block.tiles) models.back().push_back(tile::make_ideal(tile.G));
    }
    const simulate::CrossbarLayer crossbar{
        .graph = &graph,
        .plan = &plan,
        .layer = &layer,
        .tiles = tile::make_behavioural_tiles(std::move(models))};
    const Tensor& input = seen.layer_inputs.at(layer.layer.value);
    machine.kernels[layer.layer.value] = simulate::make_crossbar_kernel(
        crossbar, {.ranges = simulate::choose_adc_ranges(crossbar, input)});
  }
  return machine;
}

/// Largest difference between ideal tiles and float, relative to the largest output.
double difference_around(const network::Operation& middle) {
  const network::Graph graph = network_around(middle);
  const Tensor images = uniform({5, 2, 6, 6}, "images", 0, 1);
  const network::Activations seen = network::record_activations(graph, images, 100.0);
  mapping::MappingInputs inputs;
  inputs.options = {.rows = 16, .columns = 8};
  inputs.converters.dac_bits = 0;
  inputs.converters.adc_bits = 0;
  inputs.window = {.g_min = 1e-6, .g_max = 20e-6, .levels = 0};
  for (int k = 0; k < graph.layer_count(); ++k) {
    inputs.input_ranges.push_back(seen.ranges.of_inputs(graph, {k}));
  }
  const mapping::TilePlan plan = mapping::map_network(graph, inputs);
  const Tensor found = simulate::run_batch(ideal_machine(graph, seen, plan), images);
  const Tensor wanted = network::run_graph(graph, images);
  double largest = 0.0, off = 0.0;
  for (std::size_t k = 0; k < wanted.data.size(); ++k) {
    const auto right = static_cast<double>(wanted.data[k]);
    largest = std::max(largest, std::abs(right));
    off = std::max(off, std::abs(static_cast<double>(found.data[k]) - right));
  }
  return off / largest;
}

network::Function function(std::string_view name) {
  const auto* entry = network::find_function(name);
  REQUIRE(entry != nullptr);
  return {entry, {entry->parameters[0].otherwise, entry->parameters[1].otherwise}};
}

}  // namespace

TEST_CASE("functions between layers on ideal tiles equal the float network",
          "[simulate][digital]") {
  // Defined for all numbers, and continuous: a step would turn rounding into a whole one.
  for (const char* name : {"Abs",
                           "Atan",
                           "Celu",
                           "Cos",
                           "Elu",
                           "Erf",
                           "Exp",
                           "Gelu",
                           "Mish",
                           "Selu",
                           "Sin",
                           "Softplus",
                           "Softsign"}) {
    CAPTURE(name);
    CHECK(difference_around(function(name)) < kTwoLayers);
  }
}

TEST_CASE("arithmetic between layers on ideal tiles equals the float network",
          "[simulate][digital]") {
  using Kind = network::Elementwise::Kind;
  for (const Kind kind : {Kind::Add, Kind::Sub, Kind::Mul, Kind::Max, Kind::Min, Kind::PRelu}) {
    CAPTURE(network::to_text(kind));
    CHECK(difference_around(network::Elementwise{kind, {}, false}) < kTwoLayers);
  }
  const network::Elementwise square{Kind::Pow, Tensor({1}, 2.0F), false};
  CHECK(difference_around(square) < kTwoLayers);
  const network::Elementwise above{Kind::Max, Tensor({1}, 0.25F), false};
  CHECK(difference_around(above) < kTwoLayers);
}

TEST_CASE("what moves or joins values between layers on ideal tiles equals the float network",
          "[simulate][digital]") {
  network::Selection backwards{{1, 4, 4, 2}, {}};
  for (std::int32_t k = 0; k < 32; ++k) backwards.from.push_back(63 - 2 * k);
  network::Resize larger{.scale = {1.5F, 2.0F}, .coordinates = "half_pixel", .mode = "linear"};
  const std::vector<network::Operation> operations{
      network::Transposition{{0, 2, 3, 1}},
      backwards,
      larger,
      network::Reduction{network::find_reduction("ReduceMax"), {2, 3}, true},
      network::Reduction{network::find_reduction("ReduceL2"), {1}, false},
      network::Standardization{{2, 3}, 1e-5},
      network::Standardization{{1, 2, 3}, 1e-5},
      network::LocalResponse{.alpha = 0.5F, .beta = 0.75F, .bias = 1.0F, .size = 3},
      network::Activation{network::Activation::Kind::LogSoftmax, 0.0F, 0.0F, 1}};
  for (const network::Operation& operation : operations) {
    CAPTURE(network::operation_name(operation));
    CHECK(difference_around(operation) < kTwoLayers);
  }
}
