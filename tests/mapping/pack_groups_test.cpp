#include "mapping/pack_groups.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "mapping/tile_plan.hpp"

using namespace memspice;
using mapping::Packing;
using network::Tensor;

namespace {

mapping::Options packed(int rows, int columns) {
  mapping::Options options{.rows = rows, .columns = columns};
  options.packing = Packing::BlockDiagonal;
  return options;
}

/// A 1 x 2 kernel with weights c + 1 and -(c + 1) / 2 for each channel c, biases alike.
network::Convolution depthwise(int channels, bool has_bias) {
  network::Convolution op{.weight = Tensor({channels, 1, 1, 2}, 0.0F),
                          .bias = has_bias ? Tensor({channels}, 0.0F) : Tensor{},
                          .window = {.kernel = {1, 2}},
                          .groups = channels};
  for (int c = 0; c < channels; ++c) {
    const auto w = static_cast<float>(c + 1);
    op.weight.data[static_cast<std::size_t>(2 * c)] = w;
    op.weight.data[static_cast<std::size_t>(2 * c + 1)] = -w / 2;
    if (has_bias) op.bias.data[static_cast<std::size_t>(c)] = -w / 4;
  }
  return op;
}

network::Graph one_layer(network::Operation operation, network::Shape input) {
  network::Graph graph;
  graph.set_input_shape(std::move(input));
  graph.set_output(
      graph.add({.name = "layer", .operation = std::move(operation), .output_shape = {}},
                {network::Graph::kInput}));
  return graph;
}

mapping::MappingInputs inputs_of(const mapping::Options& options) {
  mapping::MappingInputs inputs;
  inputs.options = options;
  inputs.window = {.g_min = 1e-6, .g_max = 9e-6, .levels = 0};
  return inputs;
}

}  // namespace

TEST_CASE("groups fill a crossbar's rows or its columns, whichever end first", "[mapping]") {
  // 3 x 3 depthwise: 9 word lines, a pair of bit lines and perhaps one word line for all biases.
  CHECK(mapping::groups_per_crossbar(9, 1, 0, packed(64, 64)) == 7);
  CHECK(mapping::groups_per_crossbar(9, 1, 1, packed(64, 64)) == 7);
  CHECK(mapping::groups_per_crossbar(9, 1, 1, packed(63, 64)) == 6);
  CHECK(mapping::groups_per_crossbar(9, 1, 1, packed(128, 128)) == 14);
  CHECK(mapping::groups_per_crossbar(9, 1, 0, packed(64, 8)) == 4);
  CHECK(mapping::groups_per_crossbar(9, 5, 0, packed(64, 32)) == 3);
  CHECK(mapping::groups_per_crossbar(9, 1, 0, packed(8, 64)) == 1);  // one takes two row tiles
  CHECK(mapping::groups_per_crossbar(9, 1, 0, {.rows = 64, .columns = 64}) == 1);
}

TEST_CASE("packed channels lie on the diagonal, above one bias word line", "[mapping]") {
  const network::Graph graph = one_layer(depthwise(5, true), {1, 5, 1, 4});
  const mapping::TilePlan plan = mapping::map_network(graph, inputs_of(packed(5, 8)));
  const mapping::LayerPlan& layer = plan.layers.at(0);
  REQUIRE(layer.blocks.size() == 3);  // two channels each, for a bias on the fifth row
  CHECK(layer.blocks[1].first_channel_in == 2);
  CHECK(layer.blocks[1].first_channel_out == 2);
  CHECK(layer.blocks[1].input_count == 4);
  CHECK(layer.blocks[1].output_count == 2);
  CHECK(layer.blocks[1].tiles.size() == 1);
  CHECK(layer.blocks[2].input_count == 2);
  CHECK(layer.blocks[2].tiles[0].groups == 1);
  // Channels 2 and 3 of weights 3, -1.5 and 4, -2, biases -0.75 and -1; 5 takes the whole window.
  const double unit = 8e-6 / 5.0, low = 1e-6;
  Eigen::MatrixXd expected(5, 4);
  expected << 3.0, 0.0, 0.0, 0.0,  //
      0.0, 1.5, 0.0, 0.0,          //
      0.0, 0.0, 4.0, 0.0,          //
      0.0, 0.0, 0.0, 2.0,          //
      0.0, 0.75, 0.0, 1.0;
  const mapping::Tile& tile = layer.blocks[1].tiles[0];
  CHECK(tile.name == "layer_b1_r0_c0");
  CHECK(tile.has_bias);
  CHECK(tile.groups == 2);
  CHECK(tile.G.isApprox((expected * unit).array().matrix() + Eigen::MatrixXd::Constant(5, 4, low),
                        1e-12));
  // (2 + 1) x 2 cells a channel; the other's two inputs stand idle under each pair.
  CHECK(plan.memristor_count() == 5 * 3 * 2);
  CHECK(tile.idle_cells() == 2 * 2 * 2);
  CHECK(plan.idle_count() == 2 * 8);
  CHECK(plan.crossbar_count() == 3);
}

TEST_CASE("groups of several channels and transposed ones keep their order", "[mapping]") {
  network::Deconvolution up{.weight = Tensor({6, 2, 1, 2}, 0.0F),
                            .bias = {},
                            .window = {.kernel = {1, 2}},
                            .output_padding = {},
                            .groups = 3};
  for (std::size_t k = 0; k < up.weight.data.size(); ++k) {
    up.weight.data[k] = static_cast<float>(k + 1);
  }
  const network::Graph graph = one_layer(up, {1, 6, 1, 3});
  const mapping::TilePlan plan = mapping::map_network(graph, inputs_of(packed(16, 16)));
  const mapping::LayerPlan& layer = plan.layers.at(0);
  REQUIRE(layer.blocks.size() == 2);  // 4 columns a group: two groups on 8 pairs
  const Eigen::MatrixXd& G = layer.blocks[0].tiles.at(0).G;
  REQUIRE(G.rows() == 4);
  REQUIRE(G.cols() == 16);
  for (int i = 0; i < 4; ++i) {
    for (int j = 0; j < 8; ++j) {
      const double w = i / 2 == j / 4 ? 4.0 * i + j % 4 + 1.0 : 0.0;
      CHECK(G(i, 2 * j) == Approx(1e-6 + 8e-6 * w / 24.0));
      CHECK(G(i, 2 * j + 1) == Approx(1e-6));
    }
  }
  CHECK(layer.blocks[1].first_channel_in == 4);
  CHECK(layer.blocks[1].first_channel_out == 4);
}

TEST_CASE("packed channels keep grids and scales of their own", "[mapping]") {
  network::Convolution op = depthwise(4, false);
  op.steps = {0.5F, 1.0F, 1.5F, 2.0F};  // weights of 2 steps and of -1
  const network::Graph graph = one_layer(op, {1, 4, 1, 4});
  mapping::Options options = packed(8, 8);
  options.network_levels = true;
  options.weight_scale = mapping::WeightScale::Output;
  const mapping::TilePlan plan = mapping::map_network(graph, inputs_of(options));
  const mapping::LayerPlan& layer = plan.layers.at(0);
  REQUIRE(layer.blocks.size() == 1);
  CHECK(layer.levels == 3);
  for (int c = 0; c < 4; ++c) CHECK(layer.blocks[0].w_max[c] == Approx(c + 1.0));
  CHECK(layer.blocks[0].tiles[0].G(2, 2) == Approx(9e-6));
  CHECK(layer.blocks[0].tiles[0].G(3, 3) == Approx(5e-6));
}

TEST_CASE("packing is for lines that groups do not fill themselves", "[mapping]") {
  const network::Graph graph = one_layer(depthwise(5, false), {1, 5, 1, 4});
  for (const auto scheme :
       {mapping::Scheme::SubImage, mapping::Scheme::FullDepth, mapping::Scheme::KernelFirst}) {
    mapping::Options options = packed(64, 64);
    options.scheme = scheme;
    CHECK_THROWS_WITH(mapping::map_network(graph, inputs_of(options)),
                      Catch::Contains("mapping.packing") && Catch::Contains("\"none\"") &&
                          Catch::Contains("im2col"));
  }
}
