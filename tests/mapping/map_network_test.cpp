#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "mapping/tile_plan.hpp"

using namespace memspice;
using network::Tensor;

namespace {

network::Graph fully_connected(int inputs,
                               int outputs,
                               std::vector<float> weights,
                               std::vector<float> bias) {
  network::Graph graph;
  graph.set_input_shape({1, inputs});
  network::FullyConnected fc{.weight = Tensor({outputs, inputs}, std::move(weights)),
                             .bias = bias.empty() ? Tensor{} : Tensor({outputs}, std::move(bias))};
  graph.set_output(
      graph.add({.name = "fc", .operation = fc, .output_shape = {}}, {network::Graph::kInput}));
  return graph;
}

std::vector<float> ramp(int count) {
  std::vector<float> values;
  for (int k = 0; k < count; ++k) values.push_back(static_cast<float>(k % 19 - 9) / 9.0F);
  return values;
}

mapping::MappingInputs continuous(int rows, int columns) {
  mapping::MappingInputs inputs;
  inputs.options.rows = rows;
  inputs.options.columns = columns;
  inputs.window = {.g_min = 1e-6, .g_max = 11e-6, .levels = 0};
  inputs.read_voltage = 0.5;
  return inputs;
}

}  // namespace

TEST_CASE("map_network splits a 130x70 layer into 64x64 tiles", "[mapping]") {
  const network::Graph graph = fully_connected(130, 70, ramp(130 * 70), {});
  const mapping::TilePlan plan = mapping::map_network(graph, continuous(64, 64));
  const mapping::Block& block = plan.layers.at(0).blocks.at(0);
  CHECK(block.row_tiles == 3);     // 130 = 64 + 64 + 2 word lines
  CHECK(block.column_tiles == 3);  // 70 outputs at 32 pairs a tile = 32 + 32 + 6
  REQUIRE(plan.tile_count() == 9);
  CHECK(block.tiles.front().word_lines() == 64);
  CHECK(block.tiles.front().bit_lines() == 64);
  CHECK(block.tiles.back().word_lines() == 2);
  CHECK(block.tiles.back().bit_lines() == 12);
  CHECK(plan.memristor_count() == 2L * 130 * 70);
  CHECK(block.tiles[5].first_input == 64);
  CHECK(block.tiles[5].first_output == 64);
}

TEST_CASE("a product sees a vector for each row of its input", "[mapping]") {
  const auto vectors = [](const network::Shape& input) {
    network::Graph graph;
    graph.set_input_shape(input);
    graph.add({"fc", network::FullyConnected{.weight = Tensor({5, 3}, ramp(15)), .bias = {}}, {}},
              {network::Graph::kInput});
    return mapping::map_network(graph, continuous(64, 64)).layers.at(0).vectors_per_image;
  };
  CHECK(vectors({1, 3}) == 1);
  CHECK(vectors({1, 4, 3}) == 4);
  CHECK(vectors({1, 1, 1, 3}) == 1);
  CHECK(vectors({1, 2, 4, 3}) == 8);
}

TEST_CASE("each row tile may carry its share of the bias", "[mapping]") {
  const network::Graph graph = fully_connected(7, 2, ramp(14), {0.75F, -0.3F});
  mapping::MappingInputs inputs = continuous(4, 64);
  inputs.options.bias = mapping::Bias::EachTile;
  const mapping::TilePlan plan = mapping::map_network(graph, inputs);
  const mapping::Block& block = plan.layers.at(0).blocks.at(0);
  REQUIRE(block.row_tiles == 3);  // 3 inputs and a bias, the same, 1 and a bias
  CHECK(block.tiles[0].inputs == std::vector<int>{0, 1, 2, 7});
  CHECK(block.tiles[1].inputs == std::vector<int>{3, 4, 5, 7});
  CHECK(block.tiles[2].word_lines() == 2);
  CHECK(block.tiles[2].input_row(1) == 7);
  for (const mapping::Tile& tile : block.tiles) {
    CHECK(tile.has_bias);
    const Eigen::RowVectorXd bias = tile.G.bottomRows(1);
    // 0.25 of w_max = 1 on a window of 10 uS, in the column of plus; 0.1 in that of minus.
    CHECK(bias[0] == Approx(3.5e-6));
    CHECK(bias[1] == Approx(1e-6));
    CHECK(bias[3] == Approx(2e-6));
  }
  inputs.options.rows = 1;
  CHECK_THROWS_WITH(mapping::map_network(graph, inputs), Catch::Contains("must be 2 to 4096"));
}

TEST_CASE("layers may have tiles of their own size", "[mapping]") {
  network::Graph graph;
  graph.set_input_shape({1, 20});
  network::LayerId last = network::Graph::kInput;
  for (const char* name : {"fc1", "fc2"}) {
    last = graph.add(
        {.name = name,
         .operation = network::FullyConnected{.weight = Tensor({20, 20}, ramp(400)), .bias = {}},
         .output_shape = {}},
        {last});
  }
  graph.set_output(last);
  mapping::MappingInputs inputs = continuous(10, 20);
  inputs.options.layer_rows = {{"fc2", 5}};
  inputs.options.layer_columns = {{"fc2", 40}};
  const mapping::TilePlan plan = mapping::map_network(graph, inputs);
  CHECK(plan.layer("fc1").tile_count() == 4);
  CHECK(plan.layer("fc2").tile_count() == 4);
  CHECK(plan.layer("fc2").blocks[0].row_tiles == 4);
  CHECK(plan.layer("fc2").rows == 5);
  CHECK(plan.layer("fc2").columns == 40);
  inputs.options.layer_columns = {{"fc2", 41}};
  CHECK_THROWS_WITH(mapping::map_network(graph, inputs), Catch::Contains("layer_columns.fc2"));
}

TEST_CASE("a bias is the last word line, and may need a row tile of its own", "[mapping]") {
  const network::Graph graph = fully_connected(64, 2, ramp(128), {0.25F, -0.5F});
  const mapping::TilePlan plan = mapping::map_network(graph, continuous(64, 64));
  const mapping::Block& block = plan.layers.at(0).blocks.at(0);
  REQUIRE(block.row_tiles == 2);
  CHECK_FALSE(block.tiles[0].has_bias);
  CHECK(block.tiles[1].has_bias);
  CHECK(block.tiles[1].input_count == 0);
  CHECK(block.tiles[1].word_lines() == 1);
  // w_max = 1, x_max = 1: bias 0.25 -> 1 uS + 0.25 * 10 uS on the + line, g_min on the - line.
  CHECK(block.tiles[1].G(0, 0) == Approx(3.5e-6));
  CHECK(block.tiles[1].G(0, 1) == Approx(1e-6));
  CHECK(block.tiles[1].G(0, 2) == Approx(1e-6));
  CHECK(block.tiles[1].G(0, 3) == Approx(6e-6));
}

TEST_CASE("weights become differential pairs inside the window", "[mapping]") {
  const network::Graph graph = fully_connected(2, 2, {1.0F, -2.0F, 0.0F, 0.5F}, {});
  const mapping::TilePlan plan = mapping::map_network(graph, continuous(64, 64));
  const Eigen::MatrixXd& G = plan.layers.at(0).blocks.at(0).tiles.at(0).G;
  REQUIRE(G.rows() == 2);
  REQUIRE(G.cols() == 4);
  // w_max = 2. Output 0: weights 1, -2. Output 1: 0, 0.5.
  Eigen::MatrixXd expected(2, 4);
  expected << 6e-6, 1e-6, 1e-6, 1e-6,  //
      1e-6, 11e-6, 3.5e-6, 1e-6;
  CHECK((G - expected).cwiseAbs().maxCoeff() < 1e-18);
  const mapping::Block& block = plan.layers.at(0).blocks.at(0);
  CHECK(block.w_max == Eigen::Vector2d(2.0, 2.0));
  CHECK(block.scale[0] == Approx(2.0 * 1.0 / (0.5 * 10e-6)));
  CHECK(block.scale[1] == block.scale[0]);
}

TEST_CASE("each output may take the whole window, with a factor of its own", "[mapping]") {
  const network::Graph graph =
      fully_connected(2, 3, {1.0F, -2.0F, 0.0F, 0.5F, 0.0F, 0.0F}, {0.0F, -0.25F, 0.0F});
  mapping::MappingInputs inputs = continuous(64, 64);
  inputs.options.weight_scale = mapping::WeightScale::Output;
  const mapping::TilePlan plan = mapping::map_network(graph, inputs);
  const mapping::Block& block = plan.layers.at(0).blocks.at(0);
  // Output 0: 1, -2; output 1: 0, 0.5 and the bias -0.25; output 2 has no weights.
  Eigen::MatrixXd expected(3, 6);
  expected << 6e-6, 1e-6, 1e-6, 1e-6, 1e-6, 1e-6,  //
      1e-6, 11e-6, 11e-6, 1e-6, 1e-6, 1e-6,        //
      1e-6, 1e-6, 1e-6, 6e-6, 1e-6, 1e-6;
  CHECK((block.tiles.at(0).G - expected).cwiseAbs().maxCoeff() < 1e-18);
  CHECK(block.w_max.head(2) == Eigen::Vector2d(2.0, 0.5));
  CHECK(block.scale[0] == Approx(2.0 / (0.5 * 10e-6)));
  CHECK(block.scale[1] == Approx(0.5 / (0.5 * 10e-6)));
  CHECK(std::isfinite(block.scale[2]));
}

TEST_CASE("a digital bias takes no word line and no part of the window", "[mapping]") {
  const network::Graph graph = fully_connected(2, 1, {1.0F, -0.5F}, {4.0F});
  mapping::MappingInputs inputs = continuous(2, 2);
  CHECK(mapping::map_network(graph, inputs).tile_count() == 2);
  inputs.options.bias = mapping::Bias::Digital;
  const mapping::TilePlan plan = mapping::map_network(graph, inputs);
  REQUIRE(plan.tile_count() == 1);
  const mapping::LayerPlan& layer = plan.layers.at(0);
  CHECK(layer.digital_bias);
  CHECK_FALSE(layer.blocks.at(0).tiles.at(0).has_bias);
  CHECK(layer.blocks.at(0).w_max[0] == 1.0);
  // A layer that has none gets none.
  const network::Graph plain = fully_connected(2, 1, {1.0F, -0.5F}, {});
  CHECK_FALSE(mapping::map_network(plain, inputs).layers.at(0).digital_bias);
}

TEST_CASE("finite levels quantize every cell", "[mapping]") {
  mapping::MappingInputs inputs = continuous(64, 64);
  inputs.window.levels = 3;  // 1, 6, 11 uS
  const network::Graph graph = fully_connected(2, 1, {1.0F, 0.3F}, {});
  const Eigen::MatrixXd G =
      mapping::map_network(graph, inputs).layers.at(0).blocks.at(0).tiles.at(0).G;
  CHECK(G(0, 0) == Approx(11e-6));
  CHECK(G(1, 0) == Approx(6e-6));
  CHECK(G(1, 1) == Approx(1e-6));
}

TEST_CASE("each group of a convolution is a block of its own", "[mapping]") {
  network::Graph graph;
  graph.set_input_shape({1, 4, 5, 5});
  network::Convolution depthwise{.weight = Tensor({4, 1, 3, 3}, ramp(36)),
                                 .bias = {},
                                 .window = {.kernel = {3, 3}, .padding = {1, 1, 1, 1}},
                                 .groups = 4};
  graph.set_output(graph.add({.name = "dw", .operation = depthwise, .output_shape = {}},
                             {network::Graph::kInput}));
  const mapping::TilePlan plan = mapping::map_network(graph, continuous(64, 64));
  REQUIRE(plan.layers.at(0).blocks.size() == 4);
  CHECK(plan.layers.at(0).vectors_per_image == 25);
  CHECK(plan.layers.at(0).blocks[2].first_channel_in == 2);
  CHECK(plan.memristor_count() == 2L * 9 * 4);  // 2 k^2 C (Wen et al. 2020, METHODS section 5)
}

TEST_CASE("bad mappings name place, value, rule and remedy", "[mapping]") {
  const network::Graph zero = fully_connected(2, 1, {0.0F, 0.0F}, {});
  CHECK_THROWS_AS(mapping::map_network(zero, continuous(64, 64)), InputError);
  const network::Graph graph = fully_connected(2, 1, {1.0F, 0.0F}, {});
  CHECK_THROWS_AS(mapping::map_network(graph, continuous(0, 64)), InputError);
  CHECK_THROWS_AS(mapping::map_network(graph, continuous(64, 63)), InputError);
  mapping::MappingInputs upside_down = continuous(64, 64);
  upside_down.window = {.g_min = 2e-6, .g_max = 1e-6, .levels = 0};
  CHECK_THROWS_WITH(mapping::map_network(graph, upside_down),
                    Catch::Contains("g_max") && Catch::Contains("upside down"));
  CHECK_THROWS_WITH(mapping::map_network(graph, continuous(64, 64)).layer("fcc"),
                    Catch::Contains("did you mean \"fc\""));
}
