#include <catch2/catch.hpp>
#include <set>

#include "base/error.hpp"
#include "base/random.hpp"
#include "tile/characterization.hpp"

using namespace memspice;

namespace {

/// Answers nothing: what is asked of it is the point.
class RefusingEngine final : public engine::Engine {
 public:
  std::string version() override { return "none"; }
  std::vector<engine::Waveforms> run_all(std::span<const netlist::Deck> decks,
                                         const engine::OnDone&) override {
    std::vector<engine::Waveforms> results(decks.size());
    for (auto& result : results) result.summary.termination = engine::Termination::NoConvergence;
    return results;
  }
};

network::Tensor random_tensor(network::Shape shape, const char* name) {
  network::Tensor tensor(std::move(shape));
  RandomStream random(1, name);
  for (float& value : tensor.data) value = static_cast<float>(random.uniform() - 0.5);
  return tensor;
}

/// Fully connected layers of 20 -> 12 -> 12 -> 12 -> 3.
network::Graph four_layers() {
  network::Graph graph;
  graph.set_input_shape({1, 20});
  network::LayerId last = network::Graph::kInput;
  const std::vector<int> widths{20, 12, 12, 12, 3};
  for (std::size_t k = 1; k < widths.size(); ++k) {
    const std::string name = "fc" + std::to_string(k);
    network::FullyConnected operation{
        .weight = random_tensor({widths[k], widths[k - 1]}, name.c_str()), .bias = {}};
    last = graph.add({.name = name, .operation = std::move(operation), .output_shape = {}}, {last});
  }
  graph.set_output(last);
  return graph;
}

tile::Dataset characterize(tile::Scope scope, int tiles) {
  const network::Graph graph = four_layers();
  const mapping::TilePlan plan =
      mapping::map_network(graph,
                           {.options = {.rows = 12, .columns = 24},
                            .converters = {},
                            .window = {.g_min = 1e-6, .g_max = 5e-5, .levels = 0},
                            .read_voltage = 0.2,
                            .input_ranges = {}});
  tile::CharacterizeInputs inputs{.plan = &plan,
                                  .samples = {},
                                  .array = tile::Array(),
                                  .options = {.scope = scope, .tiles = tiles, .vectors = 8},
                                  .card = "none",
                                  .seed = 1};
  for (const mapping::LayerPlan& layer : plan.layers) {
    inputs.samples.push_back(
        {mapping::FloatMatrix::Constant(layer.blocks[0].input_count + 1, 4, 0.1F)});
  }
  RefusingEngine engine;
  return tile::characterize(inputs, {&engine, nullptr});
}

}  // namespace

TEST_CASE("each layer has tiles and a model of its own by default", "[tile]") {
  const tile::Dataset dataset = characterize(tile::Scope::Layer, 1);
  REQUIRE(dataset.measurements.size() == 4);
  for (std::size_t k = 0; k < 4; ++k) {
    CHECK(dataset.measurements[k].layer == dataset.layers[k]);
    CHECK(dataset.measurements[k].serves == std::vector{dataset.layers[k]});
    CHECK_FALSE(dataset.measurements[k].held_out_tile);
  }
}

TEST_CASE("layers with largest tiles of one size share theirs", "[tile]") {
  const tile::Dataset dataset = characterize(tile::Scope::Network, 2);
  CHECK(dataset.layers == std::vector<std::string>{"fc1", "fc2", "fc3", "fc4"});
  // fc1 (20 word lines: tiles of 12 and 8), fc2 and fc3 are of 12 x 24; fc4 of 12 x 6.
  REQUIRE(dataset.measurements.size() == 3);
  const std::vector<std::string> shared{"fc1", "fc2", "fc3"};
  CHECK(dataset.measurements[0].serves == shared);
  CHECK(dataset.measurements[1].serves == shared);
  CHECK(dataset.measurements[2].serves == std::vector<std::string>{"fc4"});
  for (int k : {0, 1}) {
    CHECK(dataset.measurements[k].G.rows() == 12);
    CHECK(dataset.measurements[k].G.cols() == 24);
  }
  CHECK(dataset.measurements[0].layer != dataset.measurements[1].layer);
  CHECK_FALSE(dataset.measurements[0].held_out_tile);
  CHECK(dataset.measurements[1].held_out_tile);
  CHECK_FALSE(dataset.measurements[2].held_out_tile);  // its only tile
}

TEST_CASE("a scope has a name", "[tile]") {
  CHECK(tile::parse_scope("network", "here") == tile::Scope::Network);
  CHECK_THROWS_WITH(tile::parse_scope("networks", "here"),
                    Catch::Contains("did you mean \"network\""));
}
