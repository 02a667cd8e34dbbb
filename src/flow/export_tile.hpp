#pragma once
// One tile as a deck with a manifest.

#include "flow/export_cells.hpp"

namespace memspice::flow {

/// TILE.cir (corner vectors as stimuli), TILE.json, the conductances of its cells and what its
/// lines are held at. `address`: "tile", layer, row, column. Throws InputError where `mapped` has
/// no such tile.
Exported export_tile(const ExportPlan& plan,
                     const mapping::TilePlan& mapped,
                     const std::vector<std::string>& address,
                     const ExportRequest& request);

}  // namespace memspice::flow
