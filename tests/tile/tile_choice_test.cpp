// Which tiles are put to ngspice.
#include "tile/tile_choice.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "base/random.hpp"

using namespace memspice;
using namespace memspice::tile;

namespace {

/// 60 -> 30 -> 10, biases of none: tiles of 12 x 24 and less.
mapping::TilePlan two_layers() {
  network::Graph graph;
  graph.set_input_shape({1, 60});
  network::LayerId last = network::Graph::kInput;
  for (const auto& [name, in, out] : {std::tuple("a", 60, 30), std::tuple("b", 30, 10)}) {
    network::Tensor weight({out, in});
    RandomStream random(1, name);
    for (float& value : weight.data) value = static_cast<float>(random.uniform() - 0.5);
    last = graph.add({.name = name,
                      .operation = network::FullyConnected{.weight = weight, .bias = {}},
                      .output_shape = {}},
                     {last});
  }
  graph.set_output(last);
  return mapping::map_network(graph,
                              {.options = {.rows = 12, .columns = 24},
                               .converters = {},
                               .window = {.g_min = 1e-6, .g_max = 5e-5, .levels = 0},
                               .read_voltage = 0.2,
                               .input_ranges = {}});
}

std::set<std::string> names_of(const std::vector<TileChoice>& choices) {
  std::set<std::string> names;
  for (const TileChoice& choice : choices) names.insert(choice.tile->name);
  return names;
}

}  // namespace

TEST_CASE("all tiles are every tile once, every second held out of the fit", "[tile]") {
  const mapping::TilePlan plan = two_layers();
  const auto choices = choose_tiles(plan, {.tiles = kAllTiles}, 1);
  CHECK(static_cast<int>(choices.size()) == plan.tile_count());
  CHECK(names_of(choices).size() == choices.size());
  for (std::size_t k = 1; k < choices.size(); ++k) {
    const bool same_layer = choices[k].layer == choices[k - 1].layer;
    CHECK(choices[k].is_held_out == (same_layer && !choices[k - 1].is_held_out));
  }
  CHECK_FALSE(choices.front().is_held_out);
}

TEST_CASE("of a sample of tiles the last is held out", "[tile]") {
  const auto choices = choose_tiles(two_layers(), {.tiles = 3}, 1);
  REQUIRE(choices.size() == 6);
  for (std::size_t k = 0; k < 6; ++k) CHECK(choices[k].is_held_out == (k % 3 == 2));
  const auto single = choose_tiles(two_layers(), {.tiles = 1}, 1);
  REQUIRE(single.size() == 2);
  CHECK_FALSE(single[0].is_held_out);
}

TEST_CASE("auto takes all tiles where ngspice is quick", "[tile]") {
  const mapping::TilePlan plan = two_layers();
  const Array array({.wiring = {.row = 1.0, .column = 1.0}, .alpha = 2.0});
  CharacterizeOptions options;
  CHECK(options.tiles == kAutoTiles);
  CHECK(settled(options, plan, array, SpiceMethod::Pinned).tiles == kAllTiles);
  // More vectors than a minute holds.
  double seconds = 0.0;
  for (const TileChoice& choice : choose_tiles(plan, {.tiles = kAllTiles}, 1)) {
    seconds += forecast_seconds(run_of(*choice.tile, array, options, SpiceMethod::Pinned));
  }
  options.vectors = static_cast<int>(24 * 2 * kSecondsForAll / seconds);
  CHECK(settled(options, plan, array, SpiceMethod::Pinned).tiles == kSampledTiles);
  options.tiles = 5;  // what is asked for is done
  CHECK(settled(options, plan, array, SpiceMethod::Pinned).tiles == 5);
}
