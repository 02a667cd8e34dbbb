#include <algorithm>
#include <iterator>
#include <tuple>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/progress.hpp"
#include "base/stopwatch.hpp"
#include "base/text.hpp"
#include "tile/characterization.hpp"
#include "tile/stimuli.hpp"

namespace memspice::tile {
namespace {

/// A tile of the plan and where it belongs.
struct Place {
  const mapping::LayerPlan* layer = nullptr;
  std::size_t layer_index = 0, block = 0;
  const mapping::Tile* tile = nullptr;
};

std::vector<Place> tiles_of(const mapping::TilePlan& plan, std::size_t layer_index) {
  std::vector<Place> places;
  const mapping::LayerPlan& layer = plan.layers[layer_index];
  for (std::size_t b = 0; b < layer.blocks.size(); ++b) {
    for (const mapping::Tile& tile : layer.blocks[b].tiles) {
      places.push_back({&layer, layer_index, b, &tile});
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

/// A measurement before its run: everything but ngspice's answer.
Measurement prepare(const CharacterizeInputs& inputs, const Place& place, bool held_out_tile) {
  const mapping::FloatMatrix& samples = inputs.samples.at(place.layer_index).at(place.block);
  const StimulusCounts counts{.fitted = inputs.options.vectors,
                              .held_out = inputs.options.held_out};
  return {.layer = place.layer->name,
          .tile = place.tile->name,
          .held_out_tile = held_out_tile,
          .corner_count = corner_count(place.layer->signed_input),
          .fit_count = inputs.options.vectors,
          .G = place.tile->G,
          .V = inputs.array.input().carried(
              choose_stimuli(*inputs.plan,
                             *place.layer,
                             *place.tile,
                             samples,
                             counts,
                             RandomStream(inputs.seed, "stimuli/" + place.tile->name))),
          .I = {},
          .provenance = {.deck_sha256 = {}, .engine = {}, .card = inputs.card, .seed = inputs.seed},
          .summary = {}};
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

/// A tile to run, and what it is for.
struct Choice {
  Place place;
  bool is_held_out = false;
  std::vector<std::string> serves;  ///< layers that share the model
};

std::vector<Choice> choose_tiles(const mapping::TilePlan& plan,
                                 const CharacterizeOptions& options,
                                 std::uint64_t seed) {
  std::vector<Choice> choices;
  const bool shares = options.scope == Scope::Network;
  for (const TileGroup& group : shares ? group_by_kind(plan) : group_by_layer(plan)) {
    const std::vector<Place> places =
        sample_tiles(group.tiles,
                     options.tiles,
                     RandomStream(seed, "characterized tiles/" + group.layers.front()));
    for (std::size_t t = 0; t < places.size(); ++t) {
      choices.push_back({places[t], places.size() > 1 && t + 1 == places.size(), group.layers});
    }
  }
  return choices;
}

std::vector<Measurement> plan_measurements(const CharacterizeInputs& inputs) {
  std::vector<Measurement> measurements;
  for (const Choice& choice : choose_tiles(*inputs.plan, inputs.options, inputs.seed)) {
    measurements.push_back(prepare(inputs, choice.place, choice.is_held_out));
    measurements.back().serves = choice.serves;
  }
  return measurements;
}

netlist::Deck deck_of(const Measurement& measurement, const Array& array) {
  const synthesis::TileBench bench = array.bench(measurement.tile, measurement.G, measurement.V);
  return netlist::write_deck(bench.circuit, bench.analysis);
}

void record(Measurement& measurement,
            const engine::Waveforms& waveforms,
            const std::string& version,
            const netlist::Deck& deck,
            const Array& array) {
  measurement.provenance.deck_sha256 = sha256(deck.text);
  measurement.provenance.engine = version;
  measurement.summary = waveforms.summary;
  if (waveforms.ok()) {
    measurement.I = array.currents(waveforms, measurement.tile, measurement.G);
  }
}

}  // namespace

Scope parse_scope(std::string_view name, std::string_view place) {
  if (name == "layer") return Scope::Layer;
  if (name == "network") return Scope::Network;
  throw InputError({.place = std::string(place),
                    .value = '"' + std::string(name) + '"',
                    .rule = "is no scope of a tile model",
                    .remedy = suggest(name, std::vector<std::string>{"layer", "network"})});
}

void CharacterizeOptions::validate(std::string_view place) const {
  const auto require = [&](std::string_view key, int value, int least) {
    if (value >= least) return;
    throw InputError({.place = std::string(place) + '.' + std::string(key),
                      .value = std::to_string(value),
                      .rule = "must be at least " + std::to_string(least),
                      .remedy = "characterize a little, or choose another fidelity"});
  };
  require("tiles", tiles, 1);
  require("vectors", vectors, corner_count(true) + 2);
  require("held_out", held_out, 1);
}

std::vector<const mapping::Tile*> characterized_tiles(const mapping::TilePlan& plan,
                                                      const CharacterizeOptions& options,
                                                      std::uint64_t seed) {
  std::vector<const mapping::Tile*> tiles;
  for (const Choice& choice : choose_tiles(plan, options, seed)) tiles.push_back(choice.place.tile);
  return tiles;
}

std::vector<netlist::Deck> characterization_decks(const CharacterizeInputs& inputs) {
  std::vector<netlist::Deck> decks;
  for (const Measurement& measurement : plan_measurements(inputs)) {
    decks.push_back(deck_of(measurement, inputs.array));
  }
  return decks;
}

Dataset characterize(const CharacterizeInputs& inputs, engine::Engine& engine) {
  const Stopwatch stopwatch;
  Dataset dataset{.measurements = plan_measurements(inputs)};
  for (const mapping::LayerPlan& layer : inputs.plan->layers) dataset.layers.push_back(layer.name);
  std::vector<netlist::Deck> decks;
  for (const Measurement& measurement : dataset.measurements) {
    decks.push_back(deck_of(measurement, inputs.array));
  }
  Progress progress("characterize with ngspice", decks.size(), "tiles");
  const auto results =
      engine.run_all(decks, [&](std::size_t, const engine::Waveforms&) { progress.advance(); });
  progress.finish();
  const std::string version = engine.version();
  for (std::size_t k = 0; k < decks.size(); ++k) {
    record(dataset.measurements[k], results[k], version, decks[k], inputs.array);
    dataset.failed += results[k].ok() ? 0 : 1;
  }
  dataset.runs = static_cast<int>(decks.size());
  dataset.seconds = stopwatch.seconds();
  return dataset;
}

}  // namespace memspice::tile
