// A three-layer network read by difference amplifiers, against the nodal equations of each tile:
// bit lines in pairs, each ending in an input of its amplifier, a bias line in every row tile,
// tiles of a size for each layer.
#include <Eigen/SparseCholesky>
#include <catch2/catch.hpp>

#include "base/random.hpp"
#include "simulate/simulate.hpp"
#include "tile/array.hpp"

using namespace memspice;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using network::Tensor;

namespace {

constexpr double kWire = 2.0, kDriver = 100.0, kInput = 1000.0;  // [Ohm]

crossbar::Wiring amplified_wiring() {
  crossbar::Wiring wiring;
  wiring.row = wiring.column = kWire;
  wiring.driver = kDriver;
  wiring.sense = kInput;
  return wiring;
}

/// Voltages of the bit lines' ends, bit lines x vectors [V], of G with word lines at V, from
/// Kirchhoff's law at every node: word lines driven on the left, bit lines loaded at the bottom.
MatrixXd end_voltages(const MatrixXd& G, const MatrixXd& V) {
  const auto n = static_cast<int>(G.rows()), m = static_cast<int>(G.cols());
  const auto word = [&](int i, int j) { return i * m + j; };
  const auto bit = [&](int i, int j) { return n * m + i * m + j; };
  std::vector<Eigen::Triplet<double>> entries;
  const auto connect = [&](int a, int b, double g) {
    entries.insert(entries.end(), {{a, a, g}, {b, b, g}, {a, b, -g}, {b, a, -g}});
  };
  MatrixXd injected = MatrixXd::Zero(2 * n * m, V.cols());
  for (int i = 0; i < n; ++i) {
    const double g = 1.0 / (kDriver + kWire);
    entries.emplace_back(word(i, 0), word(i, 0), g);
    injected.row(word(i, 0)) = g * V.row(i);
    for (int j = 0; j < m; ++j) {
      connect(word(i, j), bit(i, j), G(i, j));
      if (j > 0) connect(word(i, j - 1), word(i, j), 1.0 / kWire);
      if (i > 0) connect(bit(i - 1, j), bit(i, j), 1.0 / kWire);
    }
  }
  const double load = 1.0 / (kInput + kWire);
  for (int j = 0; j < m; ++j) entries.emplace_back(bit(n - 1, j), bit(n - 1, j), load);
  Eigen::SparseMatrix<double> A(2 * n * m, 2 * n * m);
  A.setFromTriplets(entries.begin(), entries.end());
  const MatrixXd nodes = Eigen::SimplicialLDLT<Eigen::SparseMatrix<double>>(A).solve(injected);
  return kInput * load * nodes.bottomRows(m);
}

network::FullyConnected random_product(int inputs, int outputs, RandomStream random) {
  network::FullyConnected fc{.weight = Tensor({outputs, inputs}), .bias = Tensor({outputs})};
  for (float& w : fc.weight.data) w = static_cast<float>(random.normal() / std::sqrt(inputs));
  for (float& b : fc.bias.data) b = static_cast<float>(random.uniform(-0.5, 0.5));
  return fc;
}

/// 400-120-84-10 with sigmoids between.
network::Graph imaged_network() {
  network::Graph graph;
  graph.set_input_shape({1, 400});
  const RandomStream random(17, "weights");
  const int sizes[] = {400, 120, 84, 10};
  network::LayerId last = network::Graph::kInput;
  for (int k = 0; k < 3; ++k) {
    last = graph.add({.name = "fc" + std::to_string(k + 1),
                      .operation = random_product(
                          sizes[k], sizes[k + 1], random.fork(static_cast<std::uint64_t>(k))),
                      .output_shape = {}},
                     {last});
    if (k == 2) break;
    last = graph.add({.name = "s" + std::to_string(k + 1),
                      .operation = network::Activation{network::Activation::Kind::Sigmoid},
                      .output_shape = {}},
                     {last});
  }
  graph.set_output(last);
  return graph;
}

mapping::TilePlan plan_of_tiles(const network::Graph& graph) {
  mapping::MappingInputs inputs;
  inputs.options = {.rows = 32, .columns = 64, .bias = mapping::Bias::EachTile};
  inputs.options.layer_columns = {{"fc1", 48}, {"fc3", 20}};
  inputs.options.layer_rows = {{"fc3", 22}};
  inputs.converters.dac_bits = inputs.converters.adc_bits = 0;
  inputs.converters.readout = mapping::Readout::Differential;
  inputs.window = {.g_min = 2e-6, .g_max = 20e-6, .levels = 32};
  return mapping::map_network(graph, inputs);
}

/// One layer by its tiles' nodal equations: outputs x images for inputs x images.
MatrixXd amplified(const mapping::TilePlan& plan,
                   const mapping::LayerPlan& layer,
                   const MatrixXd& x) {
  const mapping::Block& block = layer.blocks.front();
  MatrixXd V(x.rows() + 1, x.cols());
  V.topRows(x.rows()) = plan.read_voltage / layer.x_max * x;
  V.bottomRows(1).setConstant(plan.read_voltage);
  MatrixXd y = MatrixXd::Zero(block.output_count, x.cols());
  for (const mapping::Tile& tile : block.tiles) {
    MatrixXd lines(tile.word_lines(), x.cols());
    for (int i = 0; i < tile.word_lines(); ++i) lines.row(i) = V.row(tile.input_row(i));
    const MatrixXd v = end_voltages(tile.G, lines);
    for (int j = 0; j < tile.output_count; ++j) {
      const double gain = block.scale[tile.first_output + j] / kInput;  // of the amplifier
      y.row(tile.first_output + j) += gain * (v.row(2 * j) - v.row(2 * j + 1));
    }
  }
  return y;
}

simulate::Machine machine_of(const network::Graph& graph, const mapping::TilePlan& plan) {
  const tile::Array array({.wiring = amplified_wiring(), .alpha = 0.0});
  simulate::Machine machine{.graph = &graph, .kernels = {}};
  for (const mapping::LayerPlan& layer : plan.layers) {
    tile::Models models;
    for (const auto& block : tile::layer_responses(array, layer, 1)) {
      models.emplace_back();
      for (const MatrixXd& G_eff : block) models.back().push_back(tile::make_mesh(G_eff));
    }
    machine.kernels[layer.layer.value] =
        simulate::make_crossbar_kernel({.graph = &graph,
                                        .plan = &plan,
                                        .layer = &layer,
                                        .tiles = tile::make_behavioural_tiles(std::move(models))},
                                       {});
  }
  return machine;
}

}  // namespace

TEST_CASE("difference amplifiers read a network as its nodal equations say",
          "[simulate][differential]") {
  const network::Graph graph = imaged_network();
  const mapping::TilePlan plan = plan_of_tiles(graph);
  CHECK(plan.layer("fc1").blocks[0].row_tiles == 13);    // 400 inputs, 31 a tile beside its bias
  CHECK(plan.layer("fc1").blocks[0].column_tiles == 5);  // 120 pairs, 24 a tile
  CHECK(plan.layer("fc2").blocks[0].column_tiles == 3);  // 84 pairs, 32 a tile
  CHECK(plan.layer("fc3").blocks[0].row_tiles == 4);     // 84 inputs, 21 a tile
  Tensor images({5, 400});
  RandomStream random(17, "images");
  for (float& value : images.data) value = static_cast<float>(random.uniform(0.0, 1.0));
  const Tensor found = simulate::run_batch(machine_of(graph, plan), images);

  MatrixXd x = Eigen::Map<const Eigen::MatrixXf>(images.data.data(), 400, 5).cast<double>();
  for (const mapping::LayerPlan& layer : plan.layers) {
    x = amplified(plan, layer, x);
    if (layer.name != "fc3") x = (1.0 + (-x.array()).exp()).inverse().matrix();
  }
  // Full scale: all inputs of the last layer at 1 on its largest weight.
  const double full_scale = 84.0 * plan.layer("fc3").blocks[0].w_max[0];
  const Eigen::Map<const Eigen::MatrixXf> y(found.data.data(), 10, 5);
  CHECK((y.cast<double>() - x).cwiseAbs().maxCoeff() < 1e-6 * full_scale);
  CHECK((y.cast<double>() - x).cwiseAbs().maxCoeff() < 2e-6 * x.cwiseAbs().maxCoeff());
  // The load is no detail: in virtual grounds the same tiles give more.
  const Tensor exact = network::run_graph(graph, images);
  const Eigen::Map<const Eigen::MatrixXf> e(exact.data.data(), 10, 5);
  CHECK((y - e).cwiseAbs().maxCoeff() > 0.02 * e.cwiseAbs().maxCoeff());
}
