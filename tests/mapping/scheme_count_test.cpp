#include "mapping/scheme_count.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "mapping/tile_plan.hpp"

using namespace memspice;
using mapping::ConvolutionShape;
using mapping::Scheme;
using network::Tensor;

namespace {

ConvolutionShape same_convolution(int side, int channels_in, int channels_out, int kernel) {
  const int pad = kernel / 2;
  return {.window = {.kernel = {kernel, kernel}, .padding = {pad, pad, pad, pad}},
          .channels_in = channels_in,
          .channels_out = channels_out,
          .groups = 1,
          .output = {side, side}};
}

mapping::Options unit(int rows, int columns, Scheme scheme = Scheme::SubImage) {
  return {.rows = rows, .columns = columns, .scheme = scheme};
}

}  // namespace

TEST_CASE("channel pairs follow the published rule on a 128 x 128 crossbar", "[mapping]") {
  // 2 t^2 <= 128 gives t = 8, whose window takes (8 + 2)^2 = 100 of 128 word lines.
  const auto stage1 = mapping::count_kernels(same_convolution(32, 16, 16, 3), unit(128, 128));
  CHECK(stage1.t == 8);
  CHECK(stage1.n_sub == 16);           // (32 / 8)^2
  CHECK(stage1.n_3d == 16 * 16 * 16);  // n_sub C_in C_out
  CHECK(stage1.n_2d == 16 * 16);       // n_sub C_in
  CHECK(stage1.p == 4);                // min(128 / 16, 128 / 32)
  CHECK(stage1.n_1d == 32 * 32 / 4);   // one row and one column tile each
  const auto stage3 = mapping::count_kernels(same_convolution(8, 64, 64, 3), unit(128, 128));
  CHECK(stage3.n_sub == 1);
  CHECK(stage3.n_3d == 64 * 64);
  CHECK(stage3.n_2d == 64);
  CHECK(stage3.n_1d == 64);  // p = min(2, 1) = 1: one crossbar per pixel
  // What the paper's abstract says of 128 x 128: almost 90 % fewer with 2D + 1D kernels.
  CHECK(1.0 - double(stage1.n_2d + stage1.n_1d) / double(stage1.n_3d) == Approx(0.875));
  CHECK(1.0 - double(stage3.n_2d + stage3.n_1d) / double(stage3.n_3d) == Approx(0.96875));
}

TEST_CASE("channel pairs on a 256 x 256 crossbar", "[mapping]") {
  // 2 t^2 <= 256 gives t = 11; (11 + 2)^2 = 169 <= 256. ceil(32 / 11) = 3.
  const auto counts = mapping::count_kernels(same_convolution(32, 16, 16, 3), unit(256, 256));
  CHECK(counts.t == 11);
  CHECK(counts.n_sub == 9);
  CHECK(counts.n_3d == 9 * 256);
  CHECK(counts.n_1d == 128);  // p = min(256 / 16, 256 / 32) = 8
}

TEST_CASE("word lines limit t for a large kernel, the image for a large crossbar", "[mapping]") {
  // k = 7: (t + 6)^2 <= 128 gives t = 5, although 64 bit-line pairs would hold t = 8.
  CHECK(mapping::count_kernels(same_convolution(32, 1, 1, 7), unit(128, 128)).t == 5);
  CHECK(mapping::count_kernels(same_convolution(6, 1, 1, 3), unit(4096, 4096)).t == 6);
  CHECK(mapping::count_kernels(same_convolution(6, 1, 1, 3), unit(8, 128)).t == 0);
  CHECK(mapping::count_kernels(same_convolution(6, 1, 1, 3), unit(9, 2)).t == 1);
}

TEST_CASE("the overlap of sub-images is the published formula", "[mapping]") {
  for (const int side : {8, 20, 32}) {
    const ConvolutionShape shape = same_convolution(side, 1, 1, 3);
    const auto count = mapping::count_scheme(shape, unit(128, 128), false);
    REQUIRE(count);
    const double fed = (side + 7) / 8 * 10.0;  // ceil(W / t) (t + k - 1)
    CHECK(count->overlap == Approx(fed * fed / ((side + 2.0) * (side + 2.0)) - 1.0));
  }
}

TEST_CASE("all schemes stand side by side for one convolution", "[mapping]") {
  const ConvolutionShape shape = same_convolution(16, 32, 32, 3);
  const auto im2col = mapping::count_scheme(shape, unit(128, 128, Scheme::Im2col), true);
  REQUIRE(im2col);
  CHECK(im2col->crossbars == 3);  // 32 * 9 + 1 = 289 word lines = 128 + 128 + 33; 64 bit lines
  CHECK(im2col->memristors == 289 * 64);
  CHECK(im2col->vectors_per_crossbar == 256);
  const auto pairs = mapping::count_scheme(shape, unit(128, 128), true);
  REQUIRE(pairs);
  CHECK(pairs->crossbars == 4 * 32 * 32);
  CHECK(pairs->rows_used == 100);
  CHECK(pairs->columns_used == 128);
  CHECK(pairs->memristors == 4L * 32 * 32 * 100 * 128);
  CHECK(pairs->vectors_per_crossbar == 1);
  // 32 channels x 9 = 288 word lines do not fit even for t = 1: ceil(288 / 128) = 3 row tiles.
  const auto deep = mapping::count_scheme(shape, unit(128, 128, Scheme::FullDepth), true);
  REQUIRE(deep);
  CHECK(deep->t == 1);
  CHECK(deep->crossbars == 256 * 3);
  // 512 word lines hold 32 x (2 + 2)^2: t = 2, outputs 32 x 4 on 256 bit lines = 1 column tile.
  const auto wide = mapping::count_scheme(shape, unit(512, 256, Scheme::FullDepth), true);
  REQUIRE(wide);
  CHECK(wide->t == 2);
  CHECK(wide->crossbars == 64);
}

TEST_CASE("pointwise kernels fall back to row and column tiles", "[mapping]") {
  // p = 1; ceil(300 / 128) = 3 by ceil(2 * 100 / 128) = 2 tiles for each of 25 pixels.
  const auto counts = mapping::count_kernels(same_convolution(5, 300, 100, 1), unit(128, 128));
  CHECK(counts.p == 1);
  CHECK(counts.n_1d == 25 * 3 * 2);
  const auto count = mapping::count_scheme(same_convolution(5, 300, 100, 1), unit(128, 128), false);
  REQUIRE(count);
  CHECK(count->crossbars == counts.n_1d);
}

TEST_CASE("strides and narrow planes widen or narrow the window", "[mapping]") {
  ConvolutionShape strided = same_convolution(16, 1, 1, 3);
  strided.window.stride = {2, 2};
  // (t - 1) 2 + 3 squared <= 128: t = 5, an 11 x 11 window.
  const auto partition = mapping::partition_channel_pairs(strided, unit(128, 128));
  REQUIRE(partition);
  CHECK(partition->t == 5);
  CHECK(partition->window == std::array{11, 11});
  ConvolutionShape line = same_convolution(1, 1, 1, 3);
  line.output = {1, 40};
  // One row of t outputs has a window of 3 x (t + 2) <= 128 word lines: t = 40, the whole line.
  const auto cut = mapping::partition_channel_pairs(line, unit(128, 128));
  REQUIRE(cut);
  CHECK(cut->patch.height == 1);
  CHECK(cut->patch.width == 40);
  CHECK(cut->window_pixels() == 3 * 42);
}

TEST_CASE("counts from shapes equal the counts of the plan that runs", "[mapping]") {
  const auto add = [](network::Graph& graph,
                      network::LayerId from,
                      int in,
                      int out,
                      int groups,
                      int kernel,
                      int stride) {
    const int pad = kernel / 2;
    network::Convolution op{.weight = Tensor({out, in / groups, kernel, kernel}, 0.5F),
                            .bias = Tensor({out}, 0.25F),
                            .window = {.kernel = {kernel, kernel},
                                       .stride = {stride, stride},
                                       .padding = {pad, pad, pad, pad}},
                            .groups = groups};
    const std::string name = "c" + std::to_string(graph.layer_count());
    return graph.add({.name = name, .operation = op, .output_shape = {}}, {from});
  };
  network::Graph graph;
  graph.set_input_shape({1, 3, 13, 13});
  auto last = add(graph, network::Graph::kInput, 3, 8, 1, 3, 1);
  last = add(graph, last, 8, 8, 8, 3, 2);
  last = add(graph, last, 8, 20, 1, 1, 1);
  graph.set_output(add(graph, last, 20, 4, 2, 5, 1));
  const auto compare = [&](const mapping::Options& options) {
    mapping::MappingInputs inputs;
    inputs.options = options;
    inputs.window.levels = 8;
    const mapping::TilePlan plan = mapping::map_network(graph, inputs);
    const auto layers = mapping::compare_schemes(graph, options);
    REQUIRE(plan.layers.size() == layers.size());
    for (std::size_t l = 0; l < layers.size(); ++l) {
      const auto count =
          mapping::count_scheme(layers[l].shape, options.of_layer(layers[l].name), true);
      REQUIRE(count);
      CAPTURE(mapping::to_text(options.scheme), options.rows, layers[l].name);
      CHECK(plan.layers[l].crossbar_count() == count->crossbars);
      CHECK(plan.layers[l].memristor_count() == count->memristors);
      CHECK(plan.layers[l].vectors_per_image / plan.layers[l].replicas ==
            count->vectors_per_crossbar);
    }
  };
  for (const Scheme scheme : {Scheme::Im2col, Scheme::SubImage, Scheme::FullDepth}) {
    for (const int size : {32, 64, 130}) {
      mapping::Options options = unit(size, size, scheme);
      compare(options);
      options.slices = 3;
      options.layer_rows = {{"c0", 20}};
      compare(options);
      options.bias = mapping::Bias::EachTile;
      compare(options);
      if (scheme != Scheme::Im2col) continue;
      options.packing = mapping::Packing::BlockDiagonal;
      compare(options);
      options.bias = mapping::Bias::WordLine;
      compare(options);
      options.signs = mapping::Signs::UnitColumn;
      compare(options);
      options.bias = mapping::Bias::EachTile;
      compare(options);
      options.packing = mapping::Packing::None;
      compare(options);
    }
  }
}

TEST_CASE("packed channels share crossbars", "[mapping]") {
  ConvolutionShape shape = same_convolution(14, 16, 16, 3);
  shape.groups = 16;
  mapping::Options options = unit(64, 64, Scheme::Im2col);
  options.packing = mapping::Packing::BlockDiagonal;
  const auto count = mapping::count_scheme(shape, options, true);
  REQUIRE(count);
  CHECK(count->crossbars == 3);  // 7, 7 and 2 channels
  CHECK(count->rows_used == 7 * 9 + 1);
  CHECK(count->columns_used == 7 * 2);
  CHECK(count->memristors == 16 * 2 * 10);
}

TEST_CASE("a crossbar smaller than a kernel is refused with a remedy", "[mapping]") {
  network::Graph graph;
  graph.set_input_shape({1, 1, 9, 9});
  network::Convolution op{
      .weight = Tensor({1, 1, 5, 5}, 1.0F), .bias = {}, .window = {.kernel = {5, 5}}};
  graph.set_output(
      graph.add({.name = "c", .operation = op, .output_shape = {}}, {network::Graph::kInput}));
  mapping::MappingInputs inputs;
  inputs.options = unit(24, 64);
  CHECK_THROWS_WITH(mapping::map_network(graph, inputs),
                    Catch::Contains("layer c: 5x5 kernel") && Catch::Contains("25 word lines") &&
                        Catch::Contains("24 x 64") && Catch::Contains("im2col"));
  inputs.options.rows = 25;
  CHECK(mapping::map_network(graph, inputs).layers[0].replicas == 25);
  CHECK_FALSE(mapping::compare_schemes(graph, unit(24, 64))[0].sub_image);
}

TEST_CASE("a plan too large for memory is refused before it is built", "[mapping]") {
  network::Graph graph;
  graph.set_input_shape({1, 512, 16, 16});
  network::Convolution op{.weight = Tensor({512, 512, 3, 3}, 1.0F),
                          .bias = {},
                          .window = {.kernel = {3, 3}, .padding = {1, 1, 1, 1}}};
  graph.set_output(
      graph.add({.name = "big", .operation = op, .output_shape = {}}, {network::Graph::kInput}));
  mapping::MappingInputs inputs;
  inputs.options = unit(128, 128);  // 512^2 pairs of 100 x 128 cells: 3.4e9
  CHECK_THROWS_WITH(mapping::map_network(graph, inputs),
                    Catch::Contains("layer big") && Catch::Contains("8 GiB"));
}
