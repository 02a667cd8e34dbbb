#include "tile/tile_choice.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "base/random.hpp"
#include "tile/spice_time.hpp"

namespace memspice::tile {
namespace {

using Place = TileChoice;

std::vector<Place> tiles_of(const mapping::TilePlan& plan, std::size_t layer_index) {
  std::vector<Place> places;
  const mapping::LayerPlan& layer = plan.layers[layer_index];
  for (std::size_t b = 0; b < layer.blocks.size(); ++b) {
    for (const mapping::Tile& tile : layer.blocks[b].tiles) {
      places.push_back({.layer = &layer, .layer_index = layer_index, .block = b, .tile = &tile});
    }
  }
  return places;
}

/// `count` tiles spread over the layer: one at random from each of `count` equal stretches.
std::vector<Place> sample_tiles(const std::vector<Place>& all, int count, RandomStream random) {
  const std::size_t chosen = std::min(all.size(), static_cast<std::size_t>(count));
  std::vector<Place> places;
  for (std::size_t k = 0; k < chosen; ++k) {
    const std::size_t first = k * all.size() / chosen;
    const std::size_t last = (k + 1) * all.size() / chosen;
    places.push_back(all[first + random.below(last - first)]);
  }
  return places;
}

/// Layers that share a model, and the tiles that may be characterized for it.
struct TileGroup {
  std::vector<std::string> layers;
  std::vector<Place> tiles;
};

std::vector<TileGroup> group_by_layer(const mapping::TilePlan& plan) {
  std::vector<TileGroup> groups;
  for (std::size_t k = 0; k < plan.layers.size(); ++k) {
    groups.push_back({{plan.layers[k].name}, tiles_of(plan, k)});
  }
  return groups;
}

/// Word and bit lines of a layer's largest tile, and whether its inputs have both signs: what
/// decides how much current the lines carry.
using TileKind = std::tuple<int, int, bool>;
TileKind kind_of(const Place& place) {
  return {place.tile->word_lines(), place.tile->bit_lines(), place.layer->signed_input};
}
TileKind largest_kind(const std::vector<Place>& tiles) {
  const auto cells = [](const Place& place) { return place.tile->G.size(); };
  return kind_of(*std::ranges::max_element(tiles, {}, cells));
}

/// Layers with the same kind of largest tile, and all their tiles of that kind.
std::vector<TileGroup> group_by_kind(const mapping::TilePlan& plan) {
  std::vector<TileGroup> groups;
  std::vector<TileKind> kinds;
  for (std::size_t k = 0; k < plan.layers.size(); ++k) {
    const std::vector<Place> tiles = tiles_of(plan, k);
    const TileKind kind = largest_kind(tiles);
    const auto known = std::find(kinds.begin(), kinds.end(), kind);
    const auto index = static_cast<std::size_t>(known - kinds.begin());
    if (known == kinds.end()) {
      kinds.push_back(kind);
      groups.emplace_back();
    }
    groups[index].layers.push_back(plan.layers[k].name);
    std::ranges::copy_if(tiles, std::back_inserter(groups[index].tiles), [&](const Place& place) {
      return kind_of(place) == kind;
    });
  }
  return groups;
}

std::vector<TileGroup> groups_of(const mapping::TilePlan& plan, Scope scope) {
  return scope == Scope::Network ? group_by_kind(plan) : group_by_layer(plan);
}

/// Of all tiles every second, of a sample the last: one that stands alone is fitted to.
bool is_held_out(std::size_t t, std::size_t count, int asked) {
  return asked == kAllTiles ? t % 2 == 1 : count > 1 && t + 1 == count;
}

}  // namespace

std::vector<TileChoice> choose_tiles(const mapping::TilePlan& plan,
                                     const CharacterizeOptions& options,
                                     std::uint64_t seed) {
  std::vector<TileChoice> choices;
  for (const TileGroup& group : groups_of(plan, options.scope)) {
    const std::vector<Place> places =
        sample_tiles(group.tiles,
                     options.tiles,
                     RandomStream(seed, "characterized tiles/" + group.layers.front()));
    for (std::size_t t = 0; t < places.size(); ++t) {
      choices.push_back(places[t]);
      choices.back().is_held_out = is_held_out(t, places.size(), options.tiles);
      choices.back().serves = group.layers;
    }
  }
  return choices;
}

TileRun run_of(const mapping::Tile& tile,
               const Array& array,
               const CharacterizeOptions& options,
               SpiceMethod method) {
  const crossbar::Wiring& wiring = array.wiring();
  return {.cells = tile.G.size(),
          .vectors = long{options.vectors + options.held_out} * array.input().points_per_vector(),
          .is_linear = array.is_linear(),
          .has_wires = wiring.row > 0.0 || wiring.column > 0.0,
          .is_pinned = method == SpiceMethod::Pinned,
          .has_law = array.has_law()};
}

CharacterizeOptions settled(CharacterizeOptions options,
                            const mapping::TilePlan& plan,
                            const Array& array,
                            SpiceMethod method) {
  if (options.tiles != kAutoTiles) return options;
  options.tiles = kAllTiles;
  double seconds = 0.0;
  for (const TileChoice& choice : choose_tiles(plan, options, 0)) {
    seconds += forecast_seconds(run_of(*choice.tile, array, options, method));
  }
  if (seconds > kSecondsForAll) options.tiles = kSampledTiles;
  return options;
}

}  // namespace memspice::tile
