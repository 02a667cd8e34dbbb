#include "report/tile_maps.hpp"

#include <algorithm>

#include "base/units.hpp"
#include "report/numbers.hpp"
#include "study/kernel_first.hpp"
#include "study/line_loss.hpp"
#include "study/study_list.hpp"

namespace memspice::study {
namespace {

constexpr std::size_t kMostLayers = 8;  // a page of hundreds of maps helps nobody
constexpr Eigen::Index kMostCells = 32;
constexpr int kVectors = 8;  // that the strongest is chosen from

/// A tile, and the share of its differential conductances that wires take, RMS over RMS.
struct WornTile {
  const mapping::LayerPlan* layer = nullptr;
  const mapping::Block* block = nullptr;
  const mapping::Tile* tile = nullptr;
  double loss = -1.0;
};

WornTile worst_tile(const crossbar::Topology& topology,
                    const mapping::LayerPlan& layer,
                    const tile::LayerResponses& responses) {
  WornTile worst;
  for (std::size_t b = 0; b < layer.blocks.size(); ++b) {
    for (std::size_t t = 0; t < layer.blocks[b].tiles.size(); ++t) {
      const mapping::Tile& tile = layer.blocks[b].tiles[t];
      LineLoss loss;
      loss.add(topology.pairs_of(tile.G), responses[b][t]);
      const double share = loss.share().value_or(0.0);
      if (share > worst.loss) worst = {&layer, &layer.blocks[b], &tile, share};
    }
  }
  return worst;
}

/// Of each layer the worst; of many layers those that lose most, in their order.
std::vector<WornTile> worst_tiles(const Bench& bench) {
  std::vector<WornTile> worst;
  const std::vector<mapping::LayerPlan>& layers = bench.mapped->plan.layers;
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const WornTile found = worst_tile(bench.array.topology(), layers[l], (*bench.responses)[l]);
    if (found.tile != nullptr) worst.push_back(found);
  }
  if (worst.size() <= kMostLayers) return worst;
  std::vector<double> losses;
  for (const WornTile& found : worst) losses.push_back(found.loss);
  std::ranges::nth_element(losses, losses.begin() + kMostLayers - 1, std::greater{});
  std::erase_if(worst, [&](const WornTile& found) { return found.loss < losses[kMostLayers - 1]; });
  return worst;
}

/// Of some of the layer's own inputs the one that drives the tile hardest [V].
Eigen::VectorXd strong_input(const Bench& bench, const WornTile& worn) {
  const RandomStream random(bench.seed, "map/" + worn.tile->name);
  const Eigen::MatrixXd V = mapping::word_line_voltages(
      *worn.tile,
      sample_voltages(*bench.mapped, *bench.graph, *worn.layer, *worn.block, kVectors, random));
  Eigen::Index strongest = 0;
  V.colwise().squaredNorm().maxCoeff(&strongest);
  return V.col(strongest);
}

void add_maps(const Bench& bench, const WornTile& worn, report::Section& section) {
  const tile::CellView view =
      tile::view_cells(bench.array.connected(*worn.tile), worn.tile->G, strong_input(bench, worn));
  for (report::HeatMap& map : report::tile_maps(view)) {
    map.title = worn.tile->name + ": " + map.title;
    map.most_wide = 230.0;
    section.maps.push_back(report::coarsened(map, kMostCells));
  }
  section.tables.front().table.rows.push_back(
      {worn.layer->name,
       worn.tile->name,
       std::to_string(view.G.rows()) + " x " + std::to_string(view.G.cols()),
       report::error_percent(worn.loss),
       format_quantity(view.lost.maxCoeff(), Unit::Volt, 3),
       format_quantity(view.current.cwiseAbs().maxCoeff(), Unit::Ampere, 3)});
}

class TileMapsStudy final : public Study {
 public:
  void run(const Bench& bench, report::RunReport& report) const override {
    const bool has_wires = bench.responses != nullptr && !bench.responses->empty();
    if (!has_wires || !bench.array.has_law() || is_kernel_first(bench.mapped->plan)) return;
    report::Section section{
        .title = "Where arrays lose their signal",
        .lead =
            "Of each layer the crossbar whose wires take most of its differential conductances "
            "(RMS), under the strongest of some inputs that calibration images give it. Of "
            "large arrays each field is the mean of neighbours; hovering tells the value.",
        .tables = {{.table = {{"layer",
                               "crossbar",
                               "cells",
                               "taken by wires",
                               "most voltage lost",
                               "largest current"},
                              {}},
                    .text_columns = 2}},
        .on_page_only = true};
    for (const WornTile& worn : worst_tiles(bench)) add_maps(bench, worn, section);
    if (!section.maps.empty()) report.sections.push_back(std::move(section));
  }
};

}  // namespace

std::unique_ptr<const Study> make_tile_maps_study() {
  return std::make_unique<TileMapsStudy>();
}

}  // namespace memspice::study
