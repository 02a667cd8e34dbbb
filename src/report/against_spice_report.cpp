#include "report/numbers.hpp"
#include "report/sections.hpp"

namespace memspice::report {

Sections sections_of(const std::vector<LayerAgainstSpice>& layers) {
  if (layers.empty()) return {};
  Table table{.titles = {"layer", "fidelity", "RMS", "largest", "labels changed"}, .rows = {}};
  for (const LayerAgainstSpice& layer : layers) {
    for (const AgainstSpice& row : layer.fidelities) {
      table.rows.push_back({&row == &layer.fidelities.front() ? layer.layer : "",
                            row.fidelity,
                            error_percent(row.rms),
                            error_percent(row.max),
                            with_thousands(row.changed_labels)});
    }
  }
  return {{.title = "Layers that ran in SPICE",
           .lead = "What each fidelity gives in their place: difference of the layer's outputs "
                   "behind the same ADCs, relative to SPICE's, and labels that change.",
           .tables = {{.table = std::move(table), .text_columns = 2}}}};
}

}  // namespace memspice::report
