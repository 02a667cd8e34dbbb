// The sub-image convolution on ideal tiles equals the full convolution: any size, padding, stride
// and partition. Conductances are continuous and converters ideal, so only rounding is left.
#include <catch2/catch.hpp>

#include "base/random.hpp"
#include "mapping/unfold.hpp"
#include "simulate/simulate.hpp"

using namespace memspice;
using mapping::Scheme;
using network::Tensor;

namespace {

Tensor random_tensor(network::Shape shape, RandomStream& random, double low) {
  Tensor tensor(std::move(shape));
  for (float& value : tensor.data) value = static_cast<float>(random.uniform(low, 1.0));
  return tensor;
}

/// A vector by itself is the column of all that unfold gives.
void check_single_vectors(const network::Layer& layer,
                          const mapping::LayerPlan& plan,
                          const Tensor& batch) {
  for (const mapping::Block& block : plan.blocks) {
    mapping::FloatMatrix all;
    mapping::unfold(layer, block, batch, 0, 2, 0.5F, all);
    const auto vectors = mapping::vectors_of_image(layer, block, batch);
    REQUIRE(vectors == plan.vectors_per_image);
    REQUIRE(all.cols() == 2 * vectors);
    for (Eigen::Index k = 0; k < all.cols(); ++k) {
      const auto image = static_cast<int>(k / vectors);
      const Eigen::VectorXf one = mapping::unfold_vector(layer, block, batch, image, k % vectors);
      REQUIRE(one == all.col(k).head(block.input_count));
    }
  }
}

/// Largest difference of a layer on tiles to the float reference, relative to the largest output.
double difference(const network::Convolution& op,
                  network::Shape input_shape,
                  const mapping::Options& options,
                  RandomStream& random) {
  network::Graph graph;
  graph.set_input_shape(input_shape);
  graph.set_output(
      graph.add({.name = "conv", .operation = op, .output_shape = {}}, {network::Graph::kInput}));
  mapping::MappingInputs inputs;
  inputs.options = options;
  inputs.converters.dac_bits = inputs.converters.adc_bits = 0;
  inputs.window = {.g_min = 1e-6, .g_max = 20e-6, .levels = 0};
  inputs.input_ranges = {{-1.0F, 1.0F}};
  const mapping::TilePlan plan = mapping::map_network(graph, inputs);
  tile::Models models;
  for (const mapping::Block& block : plan.layers[0].blocks) {
    models.emplace_back();
    for (const mapping::Tile& tile : block.tiles) {
      REQUIRE(tile.word_lines() <= options.rows);
      REQUIRE(tile.bit_lines() <= options.columns);
      models.back().push_back(tile::make_ideal(tile.G));
    }
  }
  simulate::Machine machine{.graph = &graph, .kernels = {}};
  machine.kernels[0] =
      simulate::make_crossbar_kernel({.graph = &graph,
                                      .plan = &plan,
                                      .layer = &plan.layers[0],
                                      .tiles = tile::make_behavioural_tiles(std::move(models))},
                                     {});
  input_shape.front() = 2;
  const Tensor batch = random_tensor(input_shape, random, -1.0);
  check_single_vectors(graph.layer({0}), plan.layers[0], batch);
  const Tensor found = simulate::run_batch(machine, batch);
  const Tensor expected = network::run_graph(graph, batch);
  REQUIRE(found.shape == expected.shape);
  const Eigen::Map<const Eigen::VectorXf> f(found.data.data(), found.size());
  const Eigen::Map<const Eigen::VectorXf> e(expected.data.data(), expected.size());
  return (f - e).cwiseAbs().maxCoeff() / e.cwiseAbs().maxCoeff();
}

int draw(RandomStream& random, int low, int high) {
  return low + static_cast<int>(random.below(static_cast<std::uint64_t>(high - low + 1)));
}

/// A convolution and an input that it fits on, drawn at random.
network::Convolution draw_convolution(RandomStream& random, network::Shape& input) {
  const int groups = draw(random, 1, 3);
  const int in = groups * draw(random, 1, 3);
  const int out = groups * draw(random, 1, 3);
  network::Window window;
  for (std::size_t axis = 0; axis < 2; ++axis) {
    window.kernel[axis] = draw(random, 1, 4);
    window.stride[axis] = draw(random, 1, 3);
    window.dilation[axis] = draw(random, 1, 2);
    window.padding[axis] = draw(random, 0, 3);
    window.padding[axis + 2] = draw(random, 0, 3);
  }
  input = {1, in, draw(random, 7, 14), draw(random, 7, 14)};
  return {
      .weight = random_tensor({out, in / groups, window.kernel[0], window.kernel[1]}, random, -1),
      .bias = random.chance(0.5) ? random_tensor({out}, random, -1) : Tensor{},
      .window = window,
      .groups = groups};
}

/// The only layer of a network, mapped.
void check_single_vectors(const network::Operation& operation, network::Shape input_shape) {
  network::Graph graph;
  graph.set_input_shape(input_shape);
  graph.set_output(graph.add({.name = "layer", .operation = operation, .output_shape = {}},
                             {network::Graph::kInput}));
  mapping::MappingInputs inputs;
  inputs.window = {.g_min = 1e-6, .g_max = 20e-6, .levels = 0};
  const mapping::TilePlan plan = mapping::map_network(graph, inputs);
  RandomStream random(7, "vectors");
  input_shape.front() = 2;
  check_single_vectors(graph.layer({0}), plan.layers[0], random_tensor(input_shape, random, -1.0));
}

// As for im2col: a differential current is the difference of column sums some ten times larger,
// each rounded to single precision (6e-8) at every addition; a large window adds more g_min.
constexpr double kFloatRounding = 3e-5;

}  // namespace

TEST_CASE("sub-images equal the full convolution for any partition", "[mapping][property]") {
  RandomStream random(3, "sub_image");
  for (int k = 0; k < 150; ++k) {
    network::Shape input;
    const network::Convolution op = draw_convolution(random, input);
    for (const Scheme scheme : {Scheme::SubImage, Scheme::FullDepth}) {
      // A kernel of 4 x 4 at dilation 2 spans 7 x 7 = 49 word lines.
      const mapping::Options options{
          .rows = draw(random, 49, 200), .columns = 2 * draw(random, 1, 60), .scheme = scheme};
      CAPTURE(k,
              mapping::to_text(scheme),
              options.rows,
              options.columns,
              network::to_text(input),
              network::to_text(op.weight.shape),
              op.groups);
      REQUIRE(difference(op, input, options, random) < kFloatRounding);
    }
  }
}

TEST_CASE("runs of pixels equal the pointwise convolution", "[mapping][property]") {
  RandomStream random(4, "run");
  for (int k = 0; k < 60; ++k) {
    const int in = draw(random, 1, 12), out = draw(random, 1, 9);
    const int stride = draw(random, 1, 2), pad = draw(random, 0, 1);
    const network::Convolution op{
        .weight = random_tensor({out, in, 1, 1}, random, -1),
        .bias = random_tensor({out}, random, -1),
        .window = {.stride = {stride, stride}, .padding = {pad, pad, 0, 0}}};
    const mapping::Options options{.rows = draw(random, 3, 40),
                                   .columns = 2 * draw(random, 1, 30),
                                   .scheme = Scheme::SubImage};
    CAPTURE(k, in, out, stride, pad, options.rows, options.columns);
    REQUIRE(difference(op, {1, in, draw(random, 1, 9), draw(random, 1, 9)}, options, random) <
            kFloatRounding);
  }
}

TEST_CASE("lines of one pixel height or width can be cut too", "[mapping]") {
  RandomStream random(5, "line");
  for (const auto& [height, width] : {std::pair{1, 23}, {23, 1}, {1, 1}}) {
    const network::Convolution op{.weight = random_tensor({2, 2, 3, 3}, random, -1),
                                  .bias = {},
                                  .window = {.kernel = {3, 3}, .padding = {1, 1, 1, 1}}};
    for (const Scheme scheme : {Scheme::SubImage, Scheme::FullDepth}) {
      const mapping::Options options{.rows = 36, .columns = 16, .scheme = scheme};
      CHECK(difference(op, {1, 2, height, width}, options, random) < kFloatRounding);
    }
  }
}

TEST_CASE("single vectors of transposed convolutions and of rows", "[mapping]") {
  RandomStream random(8, "weights");
  network::Deconvolution transposed;
  transposed.weight = random_tensor({4, 3, 2, 2}, random, -1.0);
  transposed.window.kernel = transposed.window.stride = {2, 2};
  transposed.groups = 2;
  check_single_vectors(transposed, {1, 4, 3, 5});
  check_single_vectors(network::FullyConnected{random_tensor({3, 6}, random, -1.0), {}}, {1, 4, 6});
}
