// Products of sequences and recurrences on tiles that round nothing compute what the float
// reference does, whatever the order of the steps; and noise is drawn for each step of each image.
#include <catch2/catch.hpp>

#include "base/random.hpp"
#include "network/ranges.hpp"
#include "simulate/kernel_first_kernel.hpp"
#include "simulate/simulate.hpp"
#include "tile/noisy_tiles.hpp"

using namespace memspice;
using network::Recurrence;
using network::Tensor;

namespace {

using Cell = Recurrence::Cell;

Tensor random_values(network::Shape shape, std::string_view purpose) {
  RandomStream random(11, purpose);
  Tensor tensor(std::move(shape));
  for (float& value : tensor.data) value = static_cast<float>(random.uniform(-1.0, 1.0));
  return tensor;
}

constexpr std::int64_t kUnits = 7, kStepCount = 5;

std::array<network::GateFunction, 3> usual_functions(Cell cell) {
  const network::GateFunction sigmoid{{network::Activation::Kind::Sigmoid}};
  const network::GateFunction tanh{{network::Activation::Kind::Tanh}};
  return {cell == Cell::Plain ? tanh : sigmoid, tanh, tanh};
}

Recurrence recurrence(Cell cell, std::int64_t gates) {
  Recurrence r{.cell = cell,
               .weight = random_values({gates * kUnits, kUnits}, "R"),
               .bias = random_values({gates * kUnits}, "b"),
               .functions = usual_functions(cell)};
  r.first_state = random_values({1, kUnits}, "h");
  return r;
}

std::vector<Recurrence> all_cells() {
  std::vector<Recurrence> cells{
      recurrence(Cell::Plain, 1), recurrence(Cell::Gru, 3), recurrence(Cell::Lstm, 4)};
  cells.push_back(cells[1]);
  cells.back().resets_before_product = true;
  cells.push_back(cells[2]);
  cells.back().is_reverse = true;
  cells.back().gives_cell = true;
  return cells;
}

/// One layer on crossbars.
struct Setup {
  network::Graph graph;
  mapping::TilePlan plan;
  network::Activations seen;
  const mapping::LayerPlan& layer() const { return plan.layers.at(0); }
  const Tensor& driving() const { return seen.layer_inputs.at(0); }
};

Setup set_up(network::Operation operation,
             const Tensor& batch,
             mapping::Options options,
             int bits = 0) {
  Setup s;
  network::Shape input = batch.shape;
  input.front() = 1;
  s.graph.set_input_shape(input);
  s.graph.set_output(
      s.graph.add({.name = "layer", .operation = std::move(operation), .output_shape = {}},
                  {network::Graph::kInput}));
  s.seen = network::record_activations(s.graph, batch, 100.0);
  mapping::MappingInputs inputs;
  inputs.options = options;
  inputs.converters.dac_bits = bits;
  inputs.converters.adc_bits = bits;
  inputs.window = {.g_min = 1e-6, .g_max = 20e-6, .levels = 0};
  inputs.input_ranges.push_back(s.seen.ranges.of_inputs(s.graph, network::LayerId{0}));
  s.plan = mapping::map_network(s.graph, inputs);
  return s;
}

std::shared_ptr<const tile::LayerTiles> exact_tiles(const mapping::LayerPlan& layer) {
  tile::Models models;
  for (const mapping::Block& block : layer.blocks) {
    models.emplace_back();
    for (const mapping::Tile& tile : block.tiles) models.back().push_back(tile::make_ideal(tile.G));
  }
  return tile::make_behavioural_tiles(std::move(models));
}

std::unique_ptr<simulate::LayerKernel> kernel_on(const Setup& s,
                                                 std::shared_ptr<const tile::LayerTiles> tiles) {
  const simulate::CrossbarLayer crossbar{
      .graph = &s.graph, .plan = &s.plan, .layer = &s.layer(), .tiles = std::move(tiles)};
  return simulate::make_crossbar_kernel(
      crossbar, {.ranges = simulate::choose_adc_ranges(crossbar, s.driving())});
}

std::unique_ptr<simulate::LayerKernel> kernel_first_on(const Setup& s) {
  std::vector<std::vector<Eigen::MatrixXd>> cells(1);
  for (const mapping::Tile& tile : s.layer().blocks.front().tiles) cells[0].push_back(tile.G);
  const simulate::KernelFirstLayer pairs{.graph = &s.graph,
                                         .plan = &s.plan,
                                         .layer = &s.layer(),
                                         .g = simulate::pair_conductances(cells)};
  return simulate::make_kernel_first_kernel(pairs, simulate::choose_adc_ranges(pairs, s.driving()));
}

/// Largest difference relative to the largest output.
double relative_difference(const Tensor& found, const Tensor& expected) {
  REQUIRE(found.shape == expected.shape);
  const Eigen::Map<const Eigen::VectorXf> f(found.data.data(), found.size());
  const Eigen::Map<const Eigen::VectorXf> e(expected.data.data(), expected.size());
  return static_cast<double>((f - e).cwiseAbs().maxCoeff() / e.cwiseAbs().maxCoeff());
}

Tensor apply_kernel(const simulate::LayerKernel& kernel,
                    const Tensor& batch,
                    std::uint64_t first = 0) {
  const Tensor* inputs[] = {&batch};
  return kernel.apply(inputs, first);
}

double error_on_crossbars(const network::Operation& operation,
                          const Tensor& batch,
                          const mapping::Options& options,
                          int bits = 0) {
  const Setup s = set_up(operation, batch, options, bits);
  const auto kernel = options.scheme == mapping::Scheme::KernelFirst
                          ? kernel_first_on(s)
                          : kernel_on(s, exact_tiles(s.layer()));
  return relative_difference(apply_kernel(*kernel, batch), network::run_graph(s.graph, batch));
}

/// Single precision (6e-8) at each addition of column sums some ten times their difference, over a
/// few steps.
constexpr double kSequenceRounding = 2e-5;

const std::vector<mapping::Options> kLayouts{
    {.rows = 64, .columns = 64},
    {.rows = 3, .columns = 4},
    {.rows = 64, .columns = 64, .bias = mapping::Bias::Digital},
    {.rows = 64, .columns = 64, .scheme = mapping::Scheme::KernelFirst},
    {.rows = 5,
     .columns = 64,
     .scheme = mapping::Scheme::KernelFirst,
     .bias = mapping::Bias::Digital}};

}  // namespace

TEST_CASE("a product of a sequence on ideal tiles equals the float product",
          "[simulate][recurrent]") {
  const network::FullyConnected product{.weight = random_values({6, 9}, "w"),
                                        .bias = random_values({6}, "b")};
  for (const mapping::Options& options : kLayouts) {
    CHECK(error_on_crossbars(product, random_values({3, 9}, "x"), options) < kSequenceRounding);
    CHECK(error_on_crossbars(product, random_values({3, 4, 9}, "x"), options) < kSequenceRounding);
    CHECK(error_on_crossbars(product, random_values({3, 2, 4, 9}, "x"), options) <
          kSequenceRounding);
  }
}

TEST_CASE("recurrences on ideal tiles equal the float recurrences", "[simulate][recurrent]") {
  for (const Recurrence& r : all_cells()) {
    CAPTURE(network::operation_name(r), r.resets_before_product);
    const Tensor x = random_values({3, kStepCount, r.gates() * kUnits}, "x");
    for (const mapping::Options& options : kLayouts) {
      CHECK(error_on_crossbars(r, x, options) < kSequenceRounding);
    }
  }
}

TEST_CASE("converters of 12 bits leave a recurrence within their steps", "[simulate][recurrent]") {
  // A step of 2^-12 of the range in each of the 7 inputs and in each sum, over 5 steps whose state
  // passes on at most its own size: some 10 steps of the range in all.
  for (const Recurrence& r : all_cells()) {
    const Tensor x = random_values({4, kStepCount, r.gates() * kUnits}, "x");
    const double error = error_on_crossbars(r, x, kLayouts[0], 12);
    CHECK(error < 10.0 / 4096.0);
    CHECK(error > kSequenceRounding);
  }
}

TEST_CASE("a recurrence's tiles see a vector for each product of a step", "[simulate][recurrent]") {
  const std::vector<Recurrence> cells = all_cells();
  const auto vectors = [](const Recurrence& r) {
    const Tensor x = random_values({2, kStepCount, r.gates() * kUnits}, "x");
    const Setup s = set_up(r, x, kLayouts[0]);
    CHECK(s.driving().size() == 2 * s.layer().vectors_per_image * kUnits);
    return s.layer().vectors_per_image;
  };
  CHECK(vectors(cells[0]) == kStepCount);
  CHECK(vectors(cells[2]) == kStepCount);
  CHECK(vectors(cells[3]) == 2 * kStepCount);  // its reset comes before the second product
}

TEST_CASE("noise of a recurrence is the same for any batch, and differs from step to step",
          "[simulate][recurrent]") {
  Recurrence r = recurrence(Cell::Plain, 1);
  r.functions[0] = {{network::Activation::Kind::LeakyRelu, 1.0F}};  // the sums themselves
  r.bias = {};
  r.first_state = Tensor({1, kUnits}, 1.0F);
  // Two sequences an image: rows of one call belong to several images.
  const Tensor x = random_values({3, 2, kStepCount, kUnits}, "x");
  const Setup s = set_up(r, x, kLayouts[0]);
  const auto noisy = tile::add_read_noise(
      exact_tiles(s.layer()),
      {.layer = &s.layer(), .noise = {.sigma = 1e-6}, .random = RandomStream(3, "read_noise")});
  const auto kernel = kernel_on(s, noisy);
  const Tensor all = apply_kernel(*kernel, x);
  const auto each = x.size() / 3;
  for (std::int64_t image = 0; image < 3; ++image) {
    const auto from = x.data.begin() + image * each;
    const Tensor one({1, 2, kStepCount, kUnits}, std::vector<float>(from, from + each));
    const Tensor found = apply_kernel(*kernel, one, static_cast<std::uint64_t>(image));
    const auto wanted = all.data.begin() + image * each;
    for (std::int64_t k = 0; k < each; ++k) {
      CHECK(found.data[static_cast<std::size_t>(k)] == Approx(wanted[k]).margin(1e-5));
    }
  }
  // The first step of both sequences starts from the same state, with another draw for each.
  const Tensor quiet = network::run_graph(s.graph, x);
  const auto noise = [&](std::int64_t at) {
    return all.data[static_cast<std::size_t>(at)] - quiet.data[static_cast<std::size_t>(at)];
  };
  CHECK(std::abs(noise(0) - noise(kStepCount * kUnits)) > 1e-4F);
}
