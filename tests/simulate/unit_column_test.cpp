// One cell a weight beside a column that stands for a weight of 0: the same layer as pairs give,
// exactly without wires, and with them what nodal equations of the array say.
#include <catch2/catch.hpp>

#include "base/random.hpp"
#include "mapping/perturb.hpp"
#include "simulate/mesh_layer.hpp"
#include "support/dense_crossbar.hpp"

using namespace memspice;
using mapping::Signs;
using network::Tensor;

namespace {

constexpr double kLow = 1e-6, kHigh = 21e-6, kRead = 0.2;  // [S], [S], [V]

Tensor drawn(network::Shape shape, std::string_view purpose, double low) {
  RandomStream random(41, purpose);
  Tensor tensor(std::move(shape));
  for (float& value : tensor.data) value = static_cast<float>(random.uniform(low, 1.0));
  return tensor;
}

/// One layer on crossbars of 16 x 9: eight outputs and the unit column.
struct SingleCells {
  network::Graph graph;
  mapping::TilePlan plan;
  Tensor batch;

  Tensor run(const crossbar::Wiring& wiring, const mapping::LayerPlan& layer) const {
    const tile::Array array(
        {.wiring = wiring, .read_voltage = kRead, .pairs = crossbar::PairLayout::UnitColumn});
    return testing::run_on_mesh(graph, plan, layer, array, batch);
  }
  Tensor run(const crossbar::Wiring& wiring) const { return run(wiring, plan.layers.at(0)); }
};

SingleCells layer_of(network::Operation operation,
                     Tensor batch,
                     double low,
                     mapping::Options options = {},
                     int levels = 0) {
  SingleCells cells{.graph = {}, .plan = {}, .batch = std::move(batch)};
  network::Shape shape = cells.batch.shape;
  shape.front() = 1;
  cells.graph.set_input_shape(shape);
  cells.graph.set_output(
      cells.graph.add({.name = "layer", .operation = std::move(operation), .output_shape = {}},
                      {network::Graph::kInput}));
  mapping::MappingInputs inputs;
  options.rows = 16;
  options.columns = 9;
  options.signs = Signs::UnitColumn;
  inputs.options = options;
  inputs.converters.dac_bits = inputs.converters.adc_bits = 0;
  inputs.window = {.g_min = kLow, .g_max = kHigh, .levels = levels};
  inputs.read_voltage = kRead;
  inputs.input_ranges.push_back({static_cast<float>(low), 1.0F});
  cells.plan = mapping::map_network(cells.graph, inputs);
  return cells;
}

network::FullyConnected product(int inputs, int outputs) {
  return {.weight = drawn({outputs, inputs}, "w", -1.0), .bias = drawn({outputs}, "b", -1.0)};
}

double off_by(const Tensor& found, const Tensor& expected) {
  REQUIRE(found.shape == expected.shape);
  const Eigen::Map<const Eigen::VectorXf> f(found.data.data(), found.size());
  const Eigen::Map<const Eigen::VectorXf> e(expected.data.data(), expected.size());
  return (f - e).cwiseAbs().maxCoeff() / e.cwiseAbs().maxCoeff();
}

/// Currents are differences of column sums some ten times larger, in single precision.
constexpr double kSingle = 1e-5;

}  // namespace

TEST_CASE("single cells on enough levels equal the float layer", "[simulate][unit_column]") {
  const network::Convolution grouped{
      .weight = drawn({6, 2, 3, 3}, "w", -1.0),
      .bias = drawn({6}, "b", -1.0),
      .window = {.kernel = {3, 3}, .stride = {2, 1}, .padding = {1, 1, 0, 1}},
      .groups = 2};
  const network::Convolution depthwise{.weight = drawn({4, 1, 1, 3}, "w", -1.0),
                                       .bias = drawn({4}, "b", -1.0),
                                       .window = {.kernel = {1, 3}},
                                       .groups = 4};
  mapping::Options each_output, digital, packed, digits;
  each_output.weight_scale = mapping::WeightScale::Output;
  digital.bias = mapping::Bias::Digital;
  packed.packing = mapping::Packing::BlockDiagonal;
  digits.slices = 3;  // of 65 values either side of 0: 65^3 - 1 steps, half of one 2e-6
  for (const double low : {0.0, -1.0}) {
    const Tensor planes = drawn({3, 4, 7, 8}, "x", low);
    const Tensor rows = drawn({5, 40}, "x", low);
    for (const mapping::Options& options : {mapping::Options{}, each_output, digital, packed}) {
      for (const network::Operation& operation :
           {network::Operation(grouped), network::Operation(depthwise)}) {
        const SingleCells cells = layer_of(operation, planes, low, options);
        CHECK(off_by(cells.run({}), network::run_graph(cells.graph, planes)) < kSingle);
      }
      const SingleCells cells = layer_of(product(40, 19), rows, low, options);
      CHECK(off_by(cells.run({}), network::run_graph(cells.graph, rows)) < kSingle);
    }
    for (const int levels : {129, 130}) {
      const SingleCells cells = layer_of(product(40, 19), rows, low, digits, levels);
      CHECK(off_by(cells.run({}), network::run_graph(cells.graph, rows)) < 2 * kSingle);
    }
  }
}

TEST_CASE("single cells with wires answer as their nodal equations", "[simulate][unit_column]") {
  const crossbar::Wiring wiring{.row = 20.0, .column = 30.0, .driver = 300.0, .sense = 100.0};
  const network::FullyConnected op = product(9, 5);
  const Tensor batch = drawn({4, 9}, "x", 0.0);
  double w_max = 0.0;
  for (const Tensor* values : {&op.weight, &op.bias}) {
    for (const float w : values->data) w_max = std::max(w_max, std::abs(double{w}));
  }
  // Weights -w_max .. w_max over the whole window, 0 at its middle; the bias is the last word line.
  const double middle = (kLow + kHigh) / 2, half = (kHigh - kLow) / 2;
  Eigen::MatrixXd G = Eigen::MatrixXd::Constant(10, 6, middle);
  for (int j = 0; j < 5; ++j) {
    for (int i = 0; i < 9; ++i) {
      G(i, j) += half / w_max * double{op.weight.data[static_cast<std::size_t>(9 * j + i)]};
    }
    G(9, j) += half / w_max * double{op.bias.data[static_cast<std::size_t>(j)]};
  }
  const SingleCells cells = layer_of(op, batch, 0.0);
  REQUIRE(cells.plan.layers[0].blocks[0].tiles.size() == 1);
  CHECK(cells.plan.layers[0].blocks[0].tiles[0].G.isApprox(G, 1e-12));
  Tensor expected({4, 5});
  for (int n = 0; n < 4; ++n) {
    Eigen::VectorXd V = Eigen::VectorXd::Constant(10, kRead);
    for (int i = 0; i < 9; ++i) {
      V[i] = kRead * double{batch.data[static_cast<std::size_t>(9 * n + i)]};
    }
    const Eigen::VectorXd I = test::solve_dense(G, wiring, V).current;
    for (int j = 0; j < 5; ++j) {
      expected.data[static_cast<std::size_t>(5 * n + j)] =
          static_cast<float>(w_max / (kRead * half) * (I[j] - I[5]));
    }
  }
  CHECK(off_by(cells.run(wiring), expected) < kSingle);
  CHECK(off_by(cells.run({}), expected) > 1e-3);
}

TEST_CASE("an error of the unit column is that of all outputs", "[simulate][unit_column]") {
  const Tensor batch = drawn({3, 9}, "x", 0.0);
  const SingleCells cells = layer_of(product(9, 5), batch, 0.0);
  const Tensor exact = cells.run({});
  mapping::LayerPlan off = cells.plan.layers.at(0);
  off.blocks[0].tiles[0].G(2, 5) += 1e-6;
  const Tensor found = cells.run({}, off);
  const double scale = off.blocks[0].scale[0];
  for (int n = 0; n < 3; ++n) {
    const double V = kRead * double{batch.data[static_cast<std::size_t>(9 * n + 2)]};
    for (int j = 0; j < 5; ++j) {
      const auto k = static_cast<std::size_t>(5 * n + j);
      CHECK(found.data[k] - exact.data[k] == Approx(-scale * 1e-6 * V).margin(1e-5));
    }
  }
  // What a chip draws is drawn once for each cell that there is.
  device::NonidealityOptions effects;
  effects.device_to_device.sigma = 0.1;
  const mapping::TilePlan chip = mapping::perturb(cells.plan, effects, mapping::draw_chip(1, 0, 0));
  const Eigen::MatrixXd& G = chip.layers[0].blocks[0].tiles[0].G;
  CHECK(G.rows() == 10);
  CHECK(G.cols() == 6);
  CHECK((G - cells.plan.layers[0].blocks[0].tiles[0].G).cwiseAbs().minCoeff() > 0.0);
}
