#pragma once
// 6 -> 5 -> ReLU -> 3 on crossbars, its biases on word lines: tiles of 7 x 10 and 6 x 6 cells.

#include "mapping/tile_plan.hpp"
#include "simulate/simulate.hpp"
#include "study/mapped.hpp"
#include "support/small_networks.hpp"

namespace memspice::testing {

inline mapping::TilePlan small_plan(const mapping::MappingInputs& inputs = {}) {
  return mapping::map_network(test::small_mlp(), inputs);
}

/// With the activations that calibration draws on.
inline study::Mapped small_mapped(const network::Graph& graph) {
  return {.plan = small_plan(),
          .activations = network::record_activations(graph, test::random_images(graph, 20), 100.0)};
}

}  // namespace memspice::testing
