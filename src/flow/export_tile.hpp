#pragma once
// One tile as a deck with a manifest.

#include "flow/export_cells.hpp"

namespace memspice::flow {

/// TILE.cir (corner vectors as stimuli), TILE.json, the conductances of its cells and what its
/// lines are held at. Returns the files written.
std::vector<std::string> export_tile(const config::FlowOptions& options,
                                     const ExportedCells& cells,
                                     const mapping::LayerPlan& layer,
                                     const mapping::Tile& tile,
                                     const ExportRequest& request);

}  // namespace memspice::flow
