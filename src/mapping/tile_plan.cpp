#include "mapping/tile_plan.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "mapping/input_reads.hpp"

namespace memspice::mapping {

int LayerPlan::tile_count() const noexcept {
  int count = 0;
  for (const Block& block : blocks) count += static_cast<int>(block.tiles.size());
  return count;
}

long LayerPlan::crossbar_count() const noexcept {
  return tile_count() * replicas;
}

long LayerPlan::memristor_count() const noexcept {
  long count = 0;
  for (const Block& block : blocks) {
    for (const Tile& tile : block.tiles) count += static_cast<long>(tile.G.size());
  }
  return count * replicas - idle_count();
}

long LayerPlan::idle_count() const noexcept {
  long count = 0;
  for (const Block& block : blocks) {
    for (const Tile& tile : block.tiles) count += tile.idle_cells();
  }
  return count * replicas;
}

int TilePlan::tile_count() const noexcept {
  int count = 0;
  for (const LayerPlan& layer : layers) count += layer.tile_count();
  return count;
}

long TilePlan::crossbar_count() const noexcept {
  long count = 0;
  for (const LayerPlan& layer : layers) count += layer.crossbar_count();
  return count;
}

long TilePlan::memristor_count() const noexcept {
  long count = 0;
  for (const LayerPlan& layer : layers) count += layer.memristor_count();
  return count;
}

long TilePlan::idle_count() const noexcept {
  long count = 0;
  for (const LayerPlan& layer : layers) count += layer.idle_count();
  return count;
}

const LayerPlan& TilePlan::layer(std::string_view name) const {
  std::vector<std::string> names;
  for (const LayerPlan& layer : layers) {
    if (layer.name == name) return layer;
    names.push_back(layer.name);
  }
  throw InputError({.place = "layer \"" + std::string(name) + '"',
                    .value = {},
                    .rule = "no such layer with weights",
                    .remedy = suggest(name, names)});
}

const Tile& TilePlan::tile(std::string_view name) const {
  std::vector<std::string> names;
  for (const LayerPlan& layer : layers) {
    for (const Block& block : layer.blocks) {
      for (const Tile& tile : block.tiles) {
        if (tile.name == name) return tile;
        names.push_back(tile.name);
      }
    }
  }
  throw InputError({.place = "tile \"" + std::string(name) + '"',
                    .value = {},
                    .rule = "no such tile",
                    .remedy = suggest(name, names)});
}

long parameter_count(const network::Graph& graph, const TilePlan& plan) {
  long count = 0;
  for (const LayerPlan& layer : plan.layers) count += graph.layer(layer.layer).parameter_count();
  return count;
}

TilePlan with_ideal_converters(TilePlan plan) {
  for (LayerPlan& layer : plan.layers) {
    layer.vectors_per_image /= reads_per_vector(plan.converters, layer.signed_input);
  }
  plan.converters.input = Input::Parallel;
  plan.converters.dac_bits = plan.converters.adc_bits = 0;
  return plan;
}

}  // namespace memspice::mapping
