#pragma once
// The hardware cost of a mapped network as tables and keys.

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cost/network_cost.hpp"
#include "mapping/scheme_count.hpp"
#include "report/page_parts.hpp"

namespace memspice::report {

/// A row per layer, the last the total: devices, area, power, energy, latency, throughput.
Table cost_by_layer(const cost::NetworkCost& cost);
/// A row per kind of circuit: count, area, static power, energy.
Table cost_by_part(const cost::NetworkCost& cost);
/// A row per convolution: its crossbars under every scheme, and the channel-pair rule's counts.
Table scheme_table(const std::vector<mapping::LayerSchemes>& layers);

/// What the figures hold for, in one or two sentences.
std::string cost_remark(const cost::NetworkCost& cost);

/// Whether any layer is priced: one with digital units of its own is not.
bool has_crossbars(const std::optional<cost::NetworkCost>& cost);

/// For the terminal: the tables with headings.
std::string cost_text(const cost::NetworkCost& cost);
std::string scheme_text(const std::vector<mapping::LayerSchemes>& layers);

/// SI throughout: layers, parts, totals, sources.
nlohmann::ordered_json cost_json(const cost::NetworkCost& cost);
/// "layers" (t, n_sub, n_3d, n_2d, n_1d, rows and columns used, overlap, and
/// each scheme) and "totals" per scheme; a scheme that does not fit is null, and so is its total.
nlohmann::ordered_json schemes_json(const std::vector<mapping::LayerSchemes>& layers);

}  // namespace memspice::report
