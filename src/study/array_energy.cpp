#include "study/array_energy.hpp"

#include "base/parallel.hpp"
#include "base/progress.hpp"

namespace memspice::study {
namespace {

/// Vectors per tile that the mean power is taken over.
constexpr int kEnergyVectors = 8;

/// Where a tile stands in a plan, by index.
struct TilePlace {
  std::size_t layer = 0, block = 0, tile = 0;
};

std::vector<TilePlace> all_tiles(const mapping::TilePlan& plan) {
  std::vector<TilePlace> places;
  for (std::size_t l = 0; l < plan.layers.size(); ++l) {
    for (std::size_t b = 0; b < plan.layers[l].blocks.size(); ++b) {
      for (std::size_t t = 0; t < plan.layers[l].blocks[b].tiles.size(); ++t) {
        places.push_back({l, b, t});
      }
    }
  }
  return places;
}

/// Mean over the sampled vectors [W].
double power_of(const Bench& bench, const TilePlace& place) {
  const mapping::LayerPlan& layer = bench.mapped->plan.layers[place.layer];
  const mapping::Block& block = layer.blocks[place.block];
  const mapping::Tile& tile = block.tiles[place.tile];
  const RandomStream random(bench.seed, "energy/" + tile.name);
  const mapping::FloatMatrix V =
      sample_voltages(*bench.mapped, *bench.graph, layer, block, kEnergyVectors, random);
  return bench.array.power(tile.G, mapping::word_line_voltages(tile, V));
}

}  // namespace

std::vector<double> array_energy(const Bench& bench) {
  const std::vector<mapping::LayerPlan>& layers = bench.mapped->plan.layers;
  const std::vector<TilePlace> places = all_tiles(bench.mapped->plan);
  std::vector<double> power(places.size());
  Progress progress("power of arrays", places.size(), "tiles");
  parallel_for(bench.jobs, places.size(), [&](std::size_t k) {
    power[k] = power_of(bench, places[k]);
    progress.advance();
  });
  progress.finish();
  std::vector<double> energy(layers.size(), 0.0);
  for (std::size_t k = 0; k < places.size(); ++k) {
    const std::size_t l = places[k].layer;
    energy[l] += power[k] * bench.read_time * static_cast<double>(layers[l].vectors_per_image);
  }
  return energy;
}

}  // namespace memspice::study
