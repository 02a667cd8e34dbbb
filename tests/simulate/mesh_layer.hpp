#pragma once
// A network of one layer on exact linear tiles of an array.

#include "simulate/adc_range.hpp"
#include "simulate/simulate.hpp"
#include "tile/array.hpp"

namespace memspice::testing {

/// cells: of the plan's only layer, as mapped or as something changed them.
inline network::Tensor run_on_mesh(const network::Graph& graph,
                                   const mapping::TilePlan& plan,
                                   const mapping::LayerPlan& cells,
                                   const tile::Array& array,
                                   const network::Tensor& batch) {
  tile::Models models;
  for (const auto& block : tile::layer_responses(array, cells, 1)) {
    models.emplace_back();
    for (const Eigen::MatrixXd& G_eff : block) models.back().push_back(tile::make_mesh(G_eff));
  }
  const simulate::CrossbarLayer crossbar{.graph = &graph,
                                         .plan = &plan,
                                         .layer = &cells,
                                         .tiles = tile::make_behavioural_tiles(std::move(models))};
  simulate::Machine machine{.graph = &graph, .kernels = {}};
  machine.kernels[cells.layer.value] = simulate::make_crossbar_kernel(
      crossbar, {.ranges = simulate::choose_adc_ranges(crossbar, batch)});
  return simulate::run_batch(machine, batch);
}

}  // namespace memspice::testing
