#pragma once
// How fast an array answers: a tile with its lines' capacitance, stepped in ngspice.

#include <optional>

#include "config/flow_options.hpp"
#include "engine/engine.hpp"
#include "mapping/tile_plan.hpp"
#include "report/network_periphery_report.hpp"

namespace memspice::flow {

/// Steps the plan's tile with the most cells, all word lines from 0 V to the read voltage, cells
/// ohmic; nothing when the card states no line capacitance. Throws RunError when ngspice fails.
std::optional<report::ArrayStep> step_largest_tile(const config::FlowOptions& options,
                                                   const mapping::TilePlan& plan,
                                                   const device::Technology& technology,
                                                   engine::Engine& engine);

}  // namespace memspice::flow
