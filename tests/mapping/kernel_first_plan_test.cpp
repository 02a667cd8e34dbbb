#include "mapping/kernel_first_plan.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "mapping/kernel_first.hpp"
#include "mapping/unfold.hpp"

using namespace memspice;
using namespace memspice::mapping;
using network::Tensor;

namespace {

constexpr device::ConductanceWindow kWindow{.g_min = 2e-6, .g_max = 10e-6, .levels = 0};

network::Graph graph_of(network::Operation op, network::Shape input) {
  network::Graph graph;
  graph.set_input_shape(std::move(input));
  graph.set_output(graph.add({.name = "layer", .operation = std::move(op), .output_shape = {}},
                             {network::Graph::kInput}));
  return graph;
}

TilePlan plan_of(const network::Graph& graph, int rows) {
  MappingInputs inputs;
  inputs.options.rows = rows;
  inputs.options.scheme = Scheme::KernelFirst;
  inputs.window = kWindow;
  return map_network(graph, inputs);
}

/// Two outputs of 1 x 2 weights each on two channels; half pruned, one bias zero.
network::Graph pruned_convolution() {
  return graph_of(network::Convolution{.weight = Tensor({2, 2, 1, 2}, {0, 4, -2, 0, 0, 0, 0, 1}),
                                       .bias = Tensor({2}, {0.0F, 3.0F}),
                                       .window = {.kernel = {1, 2}}},
                  {1, 2, 3, 4});
}

}  // namespace

TEST_CASE("kernel first: a pair per kept weight, none for a pruned one", "[mapping]") {
  const network::Graph graph = pruned_convolution();
  const TilePlan plan = plan_of(graph, 64);
  const LayerPlan& layer = plan.layers.at(0);
  REQUIRE(layer.blocks.size() == 1);
  const auto& tiles = layer.blocks[0].tiles;
  REQUIRE(tiles.size() == 2);
  CHECK(tiles[0].inputs == std::vector<int>{1, 2});
  CHECK_FALSE(tiles[0].has_bias);  // its bias is zero
  CHECK(tiles[1].inputs == std::vector<int>{3, 4});
  CHECK(tiles[1].has_bias);  // row 4 of 4 inputs
  CHECK(tiles[1].input_count == 1);
  CHECK(layer.blocks[0].w_max == Eigen::Vector2d(4.0, 4.0));
  // w = 4: the whole window on the + side; w = -2: half of it on the - side.
  Eigen::MatrixXd expected(2, 2);
  expected << 10e-6, 2e-6, 2e-6, 6e-6;
  CHECK((tiles[0].G - expected).cwiseAbs().maxCoeff() < 1e-18);
  CHECK(layer.memristor_count() == 2 * (3 + 1));  // three kept weights, one bias
  CHECK(count_kernel_first(graph, layer.layer).non_zero == 3);
  CHECK(layer.vectors_per_image == 9);  // 3 x 3 positions
  CHECK(layer.replicas == 1);
}

TEST_CASE("kernel first: there is no loss for a gain to make up", "[mapping]") {
  MappingInputs inputs;
  inputs.options.scheme = Scheme::KernelFirst;
  inputs.window = kWindow;
  inputs.converters.gain = Gain::Calibrated;
  CHECK_THROWS_WITH(map_network(pruned_convolution(), inputs), Catch::Contains("converters.gain"));
}

TEST_CASE("kernel first: a summer adds at most `rows` pairs", "[mapping]") {
  Tensor weight({1, 7}, 1.0F);
  weight.data[3] = 0.0F;
  const network::Graph graph =
      graph_of(network::FullyConnected{.weight = weight, .bias = Tensor({1}, 0.5F)}, {1, 7});
  const TilePlan plan = plan_of(graph, 3);
  const Block& block = plan.layers.at(0).blocks.at(0);
  REQUIRE(block.tiles.size() == 3);  // six weights and a bias in threes
  CHECK(block.tiles[0].inputs == std::vector<int>{0, 1, 2});
  CHECK(block.tiles[1].inputs == std::vector<int>{4, 5, 6});
  CHECK(block.tiles[2].inputs == std::vector<int>{7});
  CHECK(block.tiles[2].has_bias);
  CHECK(block.tiles[2].input_count == 0);
  CHECK(block.row_tiles == 3);
  CHECK(plan.tile("layer_b0_r2_c0").row == 2);
}

TEST_CASE("kernel first: an output without weights has no tile", "[mapping]") {
  Tensor weight({2, 3}, 0.0F);
  weight.data[4] = -1.0F;
  const TilePlan plan =
      plan_of(graph_of(network::FullyConnected{.weight = weight, .bias = {}}, {1, 3}), 64);
  const Block& block = plan.layers.at(0).blocks.at(0);
  REQUIRE(block.tiles.size() == 1);
  CHECK(block.tiles[0].first_output == 1);
  CHECK(block.output_count == 2);
  // Inputs 0 and 2 miss both their pairs, input 1 one of two.
  CHECK(pruned_pairs(block) == std::vector<int>{2, 1, 2});
}

TEST_CASE("kernel first: a layer whose weights are all pruned is refused", "[mapping]") {
  const network::Graph graph =
      graph_of(network::FullyConnected{.weight = Tensor({2, 3}, 0.0F), .bias = {}}, {1, 3});
  CHECK_THROWS_AS(plan_of(graph, 64), InputError);
}

TEST_CASE("word_line_voltages gathers what a tile's word lines carry", "[mapping]") {
  const TilePlan plan = plan_of(pruned_convolution(), 64);
  const auto& tiles = plan.layers.at(0).blocks.at(0).tiles;
  FloatMatrix V(5, 2);
  V << 0, 1, 2, 3, 4, 5, 6, 7, 8, 9;
  Eigen::MatrixXd expected(2, 2);
  expected << 2, 3, 4, 5;
  CHECK(word_line_voltages(tiles[0], V) == expected);
  expected << 6, 7, 8, 9;
  CHECK(word_line_voltages(tiles[1], V) == expected);
}
