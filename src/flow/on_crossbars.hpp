#pragma once
// Which layers [path] leaves to crossbars: those that are built, characterized, counted and priced.

#include <string>

#include "config/flow_options.hpp"
#include "mapping/tile_plan.hpp"

namespace memspice::flow {

/// Crossbars have fidelities; every other path has one way to compute a layer.
bool runs_on_crossbars(const config::FlowOptions& options, const std::string& layer);

/// The plan without the layers that [path] takes off crossbars. May be left empty.
mapping::TilePlan on_crossbars(const config::FlowOptions& options, mapping::TilePlan plan);

}  // namespace memspice::flow
