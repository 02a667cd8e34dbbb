// Factors that make up for drift, from what tiles gave when they were fresh.
#include <catch2/catch.hpp>

#include "base/random.hpp"
#include "simulate/simulate.hpp"

using namespace memspice;
using network::Tensor;

namespace {

Tensor uniform(network::Shape shape, const char* name, double low, double high) {
  Tensor tensor(std::move(shape));
  RandomStream random(3, name);
  for (float& value : tensor.data) value = static_cast<float>(random.uniform(low, high));
  return tensor;
}

/// Six outputs of 30 inputs on tiles of 16 x 4 pairs.
class OneProduct {
 public:
  OneProduct() {
    graph_.set_input_shape({1, 30});
    graph_.set_output(graph_.add(
        {.name = "fc",
         .operation =
             network::FullyConnected{.weight = uniform({6, 30}, "w", -1.0, 1.0), .bias = {}},
         .output_shape = {}},
        {network::Graph::kInput}));
    mapping::MappingInputs inputs;
    inputs.options = {.rows = 16, .columns = 8};
    inputs.window = {.g_min = 0.0, .g_max = 20e-6, .levels = 0};
    plan_ = mapping::map_network(graph_, inputs);
  }

  /// Its tiles, output j left with keep(j) of its conductances.
  std::shared_ptr<const tile::LayerTiles> tiles(const std::function<double(int)>& keep) const {
    tile::Models models(1);
    for (const mapping::Tile& tile : plan_.layers[0].blocks[0].tiles) {
      Eigen::MatrixXd G = tile.G;
      for (int j = 0; j < tile.output_count; ++j) {
        G.middleCols(2 * j, 2) *= keep(tile.first_output + j);
      }
      models[0].push_back(tile::make_mesh(G));
    }
    return tile::make_behavioural_tiles(std::move(models));
  }

  simulate::Gains gains(const std::function<double(int)>& keep, bool by_output) const {
    return simulate::drift_gains(
        {.graph = &graph_, .plan = &plan_, .layer = &plan_.layers[0], .tiles = tiles(keep)},
        *tiles([](int) { return 1.0; }),
        uniform({4, 30}, "x", 0.0, 1.0),
        by_output);
  }

 private:
  network::Graph graph_;
  mapping::TilePlan plan_;
};

}  // namespace

TEST_CASE("each output gets back what it has lost", "[simulate][drift]") {
  const auto keep = [](int j) { return 1.0 / (1.0 + 0.2 * j); };
  const Eigen::VectorXf gains = OneProduct().gains(keep, true).at(0);
  for (int j = 0; j < 6; ++j) CHECK(gains(j) == Approx(1.0 + 0.2 * j).epsilon(1e-5));
}

TEST_CASE("one factor for all is the ratio of what flows", "[simulate][drift]") {
  const Eigen::VectorXf half = OneProduct().gains([](int) { return 0.5; }, false).at(0);
  CHECK(half.isApprox(Eigen::VectorXf::Constant(6, 2.0F), 1e-5F));
  // Outputs that keep all beside some that keep nothing: between 1 and infinity, the same for all.
  const Eigen::VectorXf mixed =
      OneProduct().gains([](int j) { return j < 3 ? 1.0 : 0.0; }, false).at(0);
  CHECK(mixed.minCoeff() == mixed.maxCoeff());
  CHECK(mixed(0) > 1.2F);
}

TEST_CASE("where nothing flows any more no factor is made up", "[simulate][drift]") {
  const Eigen::VectorXf gains = OneProduct().gains([](int) { return 0.0; }, true).at(0);
  CHECK(gains == Eigen::VectorXf::Ones(6));
}
