// Kernel-first execution with ideal pairs, continuous conductances and ideal converters must
// compute what the float reference computes, whatever was pruned.
#include "simulate/kernel_first_kernel.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "base/random.hpp"
#include "crossbar/crossbar.hpp"
#include "simulate/kernel_passes.hpp"
#include "simulate/simulate.hpp"

using namespace memspice;
using network::Tensor;
using network::Window;

namespace {

Tensor random_images(network::Shape shape, std::string_view purpose, double low, double high) {
  RandomStream random(11, purpose);
  Tensor tensor(std::move(shape));
  for (float& value : tensor.data) value = static_cast<float>(random.uniform(low, high));
  return tensor;
}

/// About `share` of the values set to zero; the first stays, so that no tensor is all zero.
Tensor pruned(Tensor tensor, double share) {
  RandomStream random(5, "pruned");
  for (std::size_t k = 1; k < tensor.data.size(); ++k) {
    if (random.uniform() < share) tensor.data[k] = 0.0F;
  }
  return tensor;
}

struct Setting {
  int rows = 64, levels = 0, dac_bits = 0, adc_bits = 0;
  double low = -1.0;  ///< of the inputs, up to 1
  mapping::Scheme scheme = mapping::Scheme::KernelFirst;
  mapping::WeightScale weight_scale = mapping::WeightScale::Layer;
  mapping::Bias bias = mapping::Bias::WordLine;
};

mapping::TilePlan plan_of(const network::Graph& graph, const Setting& setting) {
  mapping::MappingInputs inputs;
  inputs.options.rows = setting.rows;
  inputs.options.columns = 4096;
  inputs.options.scheme = setting.scheme;
  inputs.options.weight_scale = setting.weight_scale;
  inputs.options.bias = setting.bias;
  inputs.converters.dac_bits = setting.dac_bits;
  inputs.converters.adc_bits = setting.adc_bits;
  inputs.window = {.g_min = 1e-6, .g_max = 20e-6, .levels = setting.levels};
  inputs.input_ranges = {{static_cast<float>(setting.low), 1.0F}};
  return mapping::map_network(graph, inputs);
}

std::vector<std::vector<Eigen::MatrixXd>> cells_of(const mapping::LayerPlan& layer) {
  std::vector<std::vector<Eigen::MatrixXd>> cells;
  for (const mapping::Block& block : layer.blocks) {
    cells.emplace_back();
    for (const mapping::Tile& tile : block.tiles) cells.back().push_back(tile.G);
  }
  return cells;
}

network::Graph graph_of(network::Operation op, network::Shape input) {
  network::Graph graph;
  graph.set_input_shape(std::move(input));
  graph.set_output(graph.add({.name = "layer", .operation = std::move(op), .output_shape = {}},
                             {network::Graph::kInput}));
  return graph;
}

std::unique_ptr<simulate::LayerKernel> kernel_of(const network::Graph& graph,
                                                 const mapping::TilePlan& plan,
                                                 const Tensor& batch) {
  const mapping::LayerPlan& layer = plan.layers.at(0);
  if (plan.options.scheme == mapping::Scheme::KernelFirst) {
    const simulate::KernelFirstLayer pairs{.graph = &graph,
                                           .plan = &plan,
                                           .layer = &layer,
                                           .g = simulate::pair_conductances(cells_of(layer))};
    return simulate::make_kernel_first_kernel(pairs, simulate::choose_adc_ranges(pairs, batch));
  }
  tile::Models models;
  for (const mapping::Block& block : layer.blocks) {
    models.emplace_back();
    for (const mapping::Tile& tile : block.tiles) models.back().push_back(tile::make_ideal(tile.G));
  }
  const simulate::CrossbarLayer crossbar{.graph = &graph,
                                         .plan = &plan,
                                         .layer = &layer,
                                         .tiles = tile::make_behavioural_tiles(std::move(models))};
  return simulate::make_crossbar_kernel(crossbar,
                                        {.ranges = simulate::choose_adc_ranges(crossbar, batch)});
}

Tensor run(const network::Graph& graph, const Setting& setting, const Tensor& batch) {
  const mapping::TilePlan plan = plan_of(graph, setting);
  simulate::Machine machine{.graph = &graph, .kernels = {}};
  machine.kernels[0] = kernel_of(graph, plan, batch);
  return simulate::run_batch(machine, batch);
}

double difference(const Tensor& found, const Tensor& expected) {
  REQUIRE(found.shape == expected.shape);
  const Eigen::Map<const Eigen::VectorXf> f(found.data.data(), found.size());
  const Eigen::Map<const Eigen::VectorXf> e(expected.data.data(), expected.size());
  return static_cast<double>((f - e).cwiseAbs().maxCoeff() / e.cwiseAbs().maxCoeff());
}

/// Largest difference from the float reference, relative to the largest output.
double error_of(network::Operation op, network::Shape input, const Setting& setting) {
  const network::Graph graph = graph_of(std::move(op), input);
  input.front() = 2;
  const Tensor batch = random_images(input, "input", setting.low, 1.0);
  return difference(run(graph, setting, batch), network::run_graph(graph, batch));
}

network::Convolution convolution(int in, int out, int groups, Window window, double share) {
  return {
      .weight = pruned(
          random_images({out, in / groups, window.kernel[0], window.kernel[1]}, "w", -1, 1), share),
      .bias = random_images({out}, "b", -0.5, 0.5),
      .window = window,
      .groups = groups};
}

// As for crossbars: single precision (6e-8) at each of up to some hundred additions.
constexpr double kKernelRounding = 1e-5;

}  // namespace

TEST_CASE("kernel-first convolution equals the float convolution", "[simulate]") {
  const double share = GENERATE(0.0, 0.6);
  const int rows = GENERATE(5, 4096);
  const Setting setting{.rows = rows};
  const network::Shape input{1, 4, 9, 7};
  CHECK(error_of(convolution(4, 3, 1, {.kernel = {3, 3}}, share), input, setting) <
        kKernelRounding);
  CHECK(error_of(convolution(4, 3, 1, {.kernel = {3, 3}, .padding = {1, 1, 1, 1}}, share),
                 input,
                 setting) < kKernelRounding);
  CHECK(error_of(convolution(
                     4, 6, 2, {.kernel = {3, 2}, .stride = {2, 3}, .padding = {2, 0, 1, 1}}, share),
                 input,
                 setting) < kKernelRounding);
  CHECK(error_of(convolution(
                     4, 4, 4, {.kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1, 1, 1}}, share),
                 input,
                 setting) < kKernelRounding);
  CHECK(error_of(convolution(4, 5, 1, {.kernel = {2, 3}, .dilation = {3, 2}}, share),
                 input,
                 setting) < kKernelRounding);
  CHECK(error_of(convolution(4, 5, 1, {.kernel = {1, 1}, .stride = {2, 2}}, share),
                 input,
                 setting) < kKernelRounding);
}

TEST_CASE("kernel first with scales per output and digital biases", "[simulate]") {
  for (const int groups : {1, 4}) {
    const auto layer = convolution(4, 4, groups, {.kernel = {3, 3}}, 0.6);
    Setting setting{.rows = 5, .weight_scale = mapping::WeightScale::Output};
    CHECK(error_of(layer, {1, 4, 9, 7}, setting) < kKernelRounding);
    setting.bias = mapping::Bias::Digital;
    CHECK(error_of(layer, {1, 4, 9, 7}, setting) < kKernelRounding);
  }
}

TEST_CASE("kernel-first convolution: padding wider than the image", "[simulate]") {
  CHECK(error_of(convolution(2, 3, 1, {.kernel = {5, 5}, .padding = {4, 4, 4, 4}}, 0.3),
                 {1, 2, 1, 2},
                 {}) < kKernelRounding);
}

TEST_CASE("kernel-first deconvolution equals the float deconvolution", "[simulate]") {
  const double share = GENERATE(0.0, 0.6);
  const network::Shape input{1, 4, 5, 3};
  const auto deconvolution = [&](int out, int groups, Window window, std::array<int, 2> extra) {
    return network::Deconvolution{
        .weight =
            pruned(random_images({4, out / groups, window.kernel[0], window.kernel[1]}, "w", -1, 1),
                   share),
        .bias = random_images({out}, "b", -0.5, 0.5),
        .window = window,
        .output_padding = extra,
        .groups = groups};
  };
  const Setting setting{.rows = 3};
  CHECK(error_of(deconvolution(3, 1, {.kernel = {2, 2}, .stride = {2, 2}}, {0, 0}),
                 input,
                 setting) < kKernelRounding);
  // Kernels that overlap, cropped on all sides, and an output that reaches further than the taps.
  CHECK(error_of(deconvolution(
                     3, 1, {.kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1, 1, 1}}, {1, 1}),
                 input,
                 setting) < kKernelRounding);
  CHECK(error_of(deconvolution(
                     6, 2, {.kernel = {4, 3}, .stride = {1, 2}, .padding = {2, 0, 1, 1}}, {0, 0}),
                 input,
                 setting) < kKernelRounding);
  CHECK(error_of(
            deconvolution(2, 1, {.kernel = {2, 2}, .stride = {3, 3}, .dilation = {2, 1}}, {0, 0}),
            input,
            setting) < kKernelRounding);
}

TEST_CASE("kernel-first fully connected layer equals the float layer", "[simulate]") {
  const network::FullyConnected op{.weight = pruned(random_images({5, 40}, "w", -1, 1), 0.5),
                                   .bias = random_images({5}, "b", -1, 1)};
  CHECK(error_of(op, {1, 40}, {.rows = 7}) < kKernelRounding);
  CHECK(error_of(op, {1, 40}, {.low = 0.0}) < kKernelRounding);
}

TEST_CASE("kernel-first squeezes of 1 x 1 planes equal the float layer", "[simulate]") {
  CHECK(error_of(convolution(8, 2, 1, {}, 0.0), {1, 8, 1, 1}, {}) < kKernelRounding);
}

TEST_CASE("kernel first equals crossbars of the same levels and DACs", "[simulate]") {
  // A pair at g_min on both sides carries no difference: what crossbars spend on pruned weights
  // changes no ideal output.
  const network::Graph graph = graph_of(
      convolution(4, 6, 2, {.kernel = {3, 3}, .padding = {1, 1, 1, 1}}, 0.5), {1, 4, 9, 7});
  const Tensor batch = random_images({2, 4, 9, 7}, "input", -1.0, 1.0);
  Setting setting{.rows = 4096, .levels = 8, .dac_bits = 5};
  const Tensor found = run(graph, setting, batch);
  setting.scheme = mapping::Scheme::Im2col;
  CHECK(difference(found, run(graph, setting, batch)) < kKernelRounding);
  CHECK(difference(found, network::run_graph(graph, batch)) > 1e-3);  // eight levels show
}

TEST_CASE("kernel first: ADCs of few bits round each summer's current", "[simulate]") {
  const network::Graph graph =
      graph_of(convolution(4, 3, 1, {.kernel = {3, 3}}, 0.5), {1, 4, 9, 7});
  const Tensor batch = random_images({2, 4, 9, 7}, "input", -1.0, 1.0);
  const Tensor found = run(graph, {.rows = 4096, .adc_bits = 4}, batch);
  std::set<float> values(found.data.begin(), found.data.end());
  CHECK(values.size() <= 15);  // 2^4 - 1 codes of a signed converter
  CHECK(values.size() > 5);
}

TEST_CASE("kernel first: the cells' curvature acts on each voltage", "[simulate]") {
  // One weight of the whole window: y = f(V) / V of x.
  const network::Graph graph =
      graph_of(network::FullyConnected{.weight = Tensor({1, 1}, 1.0F), .bias = {}}, {1, 1});
  const mapping::TilePlan plan = plan_of(graph, {});
  const mapping::LayerPlan& layer = plan.layers.at(0);
  simulate::KernelFirstLayer pairs{.graph = &graph,
                                   .plan = &plan,
                                   .layer = &layer,
                                   .g = simulate::pair_conductances(cells_of(layer))};
  pairs.curvature.read_voltage = plan.read_voltage;
  pairs.curvature.coefficients = Eigen::Vector2d(0.1, 0.02);
  const auto kernel = simulate::make_kernel_first_kernel(pairs, {});
  for (const double x : {-1.0, -0.3, 0.0, 0.5, 1.0}) {
    const Tensor input({1, 1}, {static_cast<float>(x)});
    const Tensor* operand = &input;
    const double expected = x + 0.1 * std::pow(x, 3) + 0.02 * std::pow(x, 5);
    CHECK(kernel->apply({&operand, 1}, 0).data[0] == Approx(expected).margin(1e-6));
  }
}

TEST_CASE("kernel first: driver and summer resistance act as in closed form", "[simulate]") {
  // Word line k: v_k = (V_k/R_d + G+ u+ + G- u-) / (1/R_d + G+ + G-); lines: u = R_s sum G (v - u).
  // One pair with G- alone on its line: I+ = V G+ / (1 + (G+ + G-) R_d ...) is solved here
  // directly.
  const double R_d = 100.0, R_s = 10.0;
  Eigen::MatrixXd G(2, 2);
  G << 20e-6, 1e-6, 1e-6, 7e-6;
  const crossbar::Wiring wiring{.row = 0.0, .column = 0.0, .driver = R_d, .sense = R_s};
  const Eigen::MatrixXd G_eff = crossbar::solve_response(G, wiring).G_eff;
  // Nodes v_0, v_1, u_0, u_1 in order; unit voltage at one word line after the other.
  for (int k = 0; k < 2; ++k) {
    Eigen::Matrix4d A = Eigen::Matrix4d::Zero();
    Eigen::Vector4d b = Eigen::Vector4d::Zero();
    for (int i = 0; i < 2; ++i) {
      A(i, i) = 1.0 / R_d + G.row(i).sum();
      A(2 + i, 2 + i) = 1.0 / R_s + G.col(i).sum();
      for (int j = 0; j < 2; ++j) A(i, 2 + j) = A(2 + j, i) = -G(i, j);
    }
    b[k] = 1.0 / R_d;
    const Eigen::Vector4d nodes = A.fullPivLu().solve(b);
    for (int j = 0; j < 2; ++j) CHECK(G_eff(k, j) == Approx(nodes[2 + j] / R_s).epsilon(1e-9));
  }
  // What is lost is the driver's and the summer's share, some thousandths: no line between cells.
  CHECK(G_eff(0, 0) < G(0, 0));
  CHECK(G_eff(0, 0) > 0.99 * G(0, 0));
}

TEST_CASE("a pass is run for each kept weight and for no other", "[simulate]") {
  const network::Graph graph = graph_of(
      convolution(4, 6, 2, {.kernel = {3, 3}, .padding = {1, 1, 1, 1}}, 0.7), {1, 4, 9, 7});
  const mapping::TilePlan plan = plan_of(graph, {});
  const mapping::LayerPlan& layer = plan.layers.at(0);
  const auto& op = std::get<network::Convolution>(graph.layer(layer.layer).operation);
  std::size_t passes = 0;
  for (const mapping::Block& block : layer.blocks) {
    const auto geometry = simulate::pass_geometry(graph.layer(layer.layer), {1, 4, 9, 7});
    CHECK(geometry.plane() == 63);
    for (const mapping::Tile& tile : block.tiles) {
      const Eigen::VectorXf g = Eigen::VectorXf::Ones(tile.word_lines());
      passes += simulate::kept_weights(geometry, block, tile, g).size();
    }
  }
  const auto kept = std::count_if(
      op.weight.data.begin(), op.weight.data.end(), [](float w) { return w != 0.0F; });
  CHECK(passes == static_cast<std::size_t>(kept));
  CHECK(passes < op.weight.data.size() / 2);
}
