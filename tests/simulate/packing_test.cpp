// Groups that share a crossbar compute what they compute apart: exactly without wires, and with
// wires what nodal equations of the whole crossbar say, idle cells included.
#include <catch2/catch.hpp>

#include "base/random.hpp"
#include "simulate/mesh_layer.hpp"
#include "support/dense_crossbar.hpp"

using namespace memspice;
using mapping::Packing;
using network::Tensor;

namespace {

// Powers of two and small multiples of them: products and sums of single precision are exact, in
// whatever order they are added up.
constexpr double kLow = 0x1p-20, kHigh = kLow + 0x1p-16, kRead = 0.25;  // [S], [S], [V]

/// Multiples of 1/8 from `low` to 1, the first of every `outputs` equal parts 1: all scales are.
Tensor drawn(network::Shape shape, std::string_view purpose, double low, int outputs = 1) {
  RandomStream random(31, purpose);
  Tensor tensor(std::move(shape));
  for (float& value : tensor.data) {
    value = static_cast<float>(std::round(8.0 * random.uniform(low, 1.0)) / 8.0);
  }
  const std::size_t part = tensor.data.size() / static_cast<std::size_t>(outputs);
  for (std::size_t k = 0; k < tensor.data.size(); k += part) tensor.data[k] = 1.0F;
  return tensor;
}

/// One grouped layer on crossbars of 20 x 20: two channels of a 3 x 3 kernel each.
struct PackedLayer {
  network::Graph graph;
  mapping::TilePlan plan;
  Tensor batch;

  Tensor run(const crossbar::Wiring& wiring) const {
    const mapping::LayerPlan& layer = plan.layers.at(0);
    const tile::Array array({.wiring = wiring, .read_voltage = kRead});
    return testing::run_on_mesh(graph, plan, layer, array, batch);
  }
};

PackedLayer layer_of(network::Operation operation,
                     Tensor batch,
                     Packing packing,
                     mapping::Options options = {}) {
  PackedLayer packed{.graph = {}, .plan = {}, .batch = std::move(batch)};
  network::Shape shape = packed.batch.shape;
  shape.front() = 1;
  packed.graph.set_input_shape(shape);
  packed.graph.set_output(
      packed.graph.add({.name = "layer", .operation = std::move(operation), .output_shape = {}},
                       {network::Graph::kInput}));
  mapping::MappingInputs inputs;
  options.rows = 20;
  options.columns = 20;
  options.packing = packing;
  inputs.options = options;
  inputs.converters.dac_bits = inputs.converters.adc_bits = 0;
  inputs.window = {.g_min = kLow, .g_max = kHigh, .levels = 0};
  inputs.read_voltage = kRead;
  inputs.input_ranges.push_back({0.0F, 1.0F});
  packed.plan = mapping::map_network(packed.graph, inputs);
  return packed;
}

network::Convolution depthwise(int channels) {
  return {.weight = drawn({channels, 1, 3, 3}, "w", -1.0, channels),
          .bias = drawn({channels}, "b", -1.0),
          .window = {.kernel = {3, 3}, .stride = {2, 1}, .padding = {1, 1, 1, 1}},
          .groups = channels};
}

double off_by(const Tensor& found, const Tensor& expected) {
  REQUIRE(found.shape == expected.shape);
  const Eigen::Map<const Eigen::VectorXf> f(found.data.data(), found.size());
  const Eigen::Map<const Eigen::VectorXf> e(expected.data.data(), expected.size());
  return (f - e).cwiseAbs().maxCoeff() / e.cwiseAbs().maxCoeff();
}

/// The cells of channels first, first + 1 of a depthwise 3 x 3 layer and their bias word line, from
/// the definition: pairs at w / w_max of the window, and at its bottom where channels cross.
Eigen::MatrixXd crossbar_of(const network::Convolution& op, int first, double w_max) {
  Eigen::MatrixXd G = Eigen::MatrixXd::Constant(19, 4, kLow);
  const auto set = [&](int row, int channel, float weight) {
    const double g = kLow + std::abs(weight) / w_max * (kHigh - kLow);
    G(row, 2 * channel + (weight < 0.0F ? 1 : 0)) = g;
  };
  for (int c = 0; c < 2; ++c) {
    const auto channel = static_cast<std::size_t>(first + c);
    for (int k = 0; k < 9; ++k) {
      set(9 * c + k, c, op.weight.data[9 * channel + static_cast<std::size_t>(k)]);
    }
    set(18, c, op.bias.data[channel]);
  }
  return G;
}

/// Word-line voltages of two channels at position (y, x) of an image, 0 V where there is padding.
Eigen::VectorXd drive(const Tensor& batch, int image, int first, int y, int x) {
  Eigen::VectorXd V = Eigen::VectorXd::Zero(19);
  const auto height = batch.shape[2], width = batch.shape[3];
  for (int c = 0; c < 2; ++c) {
    for (int k = 0; k < 9; ++k) {
      const std::int64_t i = 2 * y - 1 + k / 3, j = x - 1 + k % 3;
      if (i < 0 || i >= height || j < 0 || j >= width) continue;
      const std::int64_t plane = image * batch.shape[1] + first + c;
      V[9 * c + k] =
          kRead * static_cast<double>(
                      batch.data[static_cast<std::size_t>((plane * height + i) * width + j)]);
    }
  }
  V[18] = kRead;
  return V;
}

/// Sums of some ten products in single precision, of which half cancel.
constexpr double kSingle = 1e-5;

}  // namespace

TEST_CASE("packed groups compute exactly what they do apart, and float does", "[simulate]") {
  network::Convolution pairs = depthwise(6);
  pairs.weight = drawn({6, 2, 1, 3}, "pairs", -1.0, 6);
  pairs.window = {.kernel = {1, 3}};
  pairs.groups = 3;
  const network::Deconvolution up{.weight = drawn({6, 1, 2, 2}, "up", -1.0),
                                  .bias = drawn({6}, "b", -1.0),
                                  .window = {.kernel = {2, 2}, .stride = {2, 2}},
                                  .output_padding = {},
                                  .groups = 6};
  mapping::Options digital, each_output, each_tile;
  digital.bias = mapping::Bias::Digital;
  each_output.weight_scale = mapping::WeightScale::Output;
  each_tile.bias = mapping::Bias::EachTile;
  for (const network::Operation& operation :
       {network::Operation(depthwise(6)), network::Operation(pairs), network::Operation(up)}) {
    for (const mapping::Options& options : {mapping::Options{}, digital, each_output, each_tile}) {
      const Tensor batch = drawn({3, 6, 5, 7}, "x", 0.0);
      const PackedLayer apart = layer_of(operation, batch, Packing::None, options);
      const PackedLayer together = layer_of(operation, batch, Packing::BlockDiagonal, options);
      CHECK(together.plan.crossbar_count() < apart.plan.crossbar_count());
      CHECK(together.plan.memristor_count() == apart.plan.memristor_count());
      // What is added in between is 0, to the last bit: a pair of equal conductances.
      const Tensor found = together.run({});
      CHECK(found.data == apart.run({}).data);
      CHECK(off_by(found, network::run_graph(together.graph, batch)) < kSingle);
    }
  }
}

TEST_CASE("a packed crossbar with wires answers as its nodal equations", "[simulate]") {
  const crossbar::Wiring wiring{.row = 20.0, .column = 30.0, .driver = 300.0, .sense = 100.0};
  const network::Convolution op = depthwise(6);
  const Tensor batch = drawn({2, 6, 5, 4}, "x", 0.0);
  const PackedLayer layer = layer_of(op, batch, Packing::BlockDiagonal);
  const Tensor found = layer.run(wiring);
  double w_max = 0.0;
  for (const Tensor* values : {&op.weight, &op.bias}) {
    for (const float w : values->data) w_max = std::max(w_max, std::abs(double{w}));
  }
  Tensor expected(found.shape);
  for (int first = 0; first < 6; first += 2) {
    const Eigen::MatrixXd G = crossbar_of(op, first, w_max);
    for (std::int64_t k = 0; k < 2 * 3 * 4; ++k) {
      const auto image = static_cast<int>(k / 12);
      const int y = static_cast<int>(k % 12) / 4, x = static_cast<int>(k % 4);
      const Eigen::VectorXd I =
          test::solve_dense(G, wiring, drive(batch, image, first, y, x)).current;
      for (int c = 0; c < 2; ++c) {
        const double y_c = w_max / (kRead * (kHigh - kLow)) * (I[2 * c] - I[2 * c + 1]);
        expected.data[static_cast<std::size_t>((image * 6 + first + c) * 12 + k % 12)] =
            static_cast<float>(y_c);
      }
    }
  }
  CHECK(off_by(found, expected) < kSingle);
  // The neighbours' lines are longer and their idle cells are loads: not what a lone channel gives.
  CHECK(off_by(layer_of(op, batch, Packing::None).run(wiring), expected) > 1e-3);
}

TEST_CASE("what an output may draw is that of its own group's rows", "[simulate]") {
  const Tensor batch = drawn({1, 6, 5, 4}, "x", 0.0);
  const PackedLayer apart = layer_of(depthwise(6), batch, Packing::None);
  const PackedLayer together = layer_of(depthwise(6), batch, Packing::BlockDiagonal);
  const double most = 10 * kRead * (kHigh - kLow);
  CHECK(simulate::full_scale(apart.plan, apart.plan.layers[0]) == Approx(most));
  CHECK(simulate::full_scale(together.plan, together.plan.layers[0]) == Approx(most));
}
