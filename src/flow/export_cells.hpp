#pragma once
// Which cells an export's decks hold: the mapped ones, one sample of imperfect ones, or what
// writing leaves.

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "flow/export_plan.hpp"

namespace memspice::flow {

struct ExportedCells {
  mapping::TilePlan plan;          ///< geometry and scales as mapped
  std::string are;                 ///< "perfect", "sample" or "programmed"
  std::uint64_t sample = 0;        ///< of "sample": its number
  double time = 0.0;               ///< of "sample": since programming [s]
  std::vector<std::string> notes;  ///< what of the flow is not in these cells, for people
};

/// The cells that `request` asks for, of the plan as mapped. `layer`: the one that is exported;
/// empty: all. Throws InputError where the flow has no such cells.
ExportedCells choose_cells(const ExportPlan& plan,
                           const mapping::TilePlan& mapped,
                           const std::string& layer,
                           const ExportRequest& request);

/// The manifest's "cells".
nlohmann::ordered_json cells_json(const CellSources& sources, const ExportedCells& cells);

/// Throws InputError naming the layer when a run computes it off crossbars: it has no cells then.
void require_on_crossbars(const CellSources& sources, const std::string& layer);

}  // namespace memspice::flow
