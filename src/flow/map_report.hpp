#pragma once
// What a network takes as hardware, before any simulation.

#include <optional>
#include <vector>

#include "config/flow_options.hpp"
#include "cost/network_cost.hpp"
#include "flow/forecast.hpp"
#include "mapping/scheme_count.hpp"
#include "mapping/tile_plan.hpp"
#include "report/kernel_first_report.hpp"
#include "report/run_report.hpp"

namespace memspice::flow {

/// The plan without activations: every input range is 0 .. 1, which no count depends on.
mapping::TilePlan map_without_data(const config::FlowOptions& options, const network::Graph& graph);

struct MapReport {
  mapping::TilePlan plan;
  long parameters = 0;
  std::vector<mapping::LayerSchemes> schemes;
  std::optional<cost::NetworkCost> cost;
  std::optional<report::KernelFirstReport> kernel_first;  ///< under that scheme
  SpiceForecast spice;                                    ///< of characterizing its tiles
};
/// Layers -> tiles, their counts under every scheme, and their cost; without data.
MapReport report_map(const config::FlowOptions& options);

/// The same as the part of a run's report that needs no run.
report::RunReport report_hardware(const config::FlowOptions& options);

/// The trained numbers that the plan's crossbars hold, biases included.
long parameter_count(const network::Graph& graph, const mapping::TilePlan& plan);

}  // namespace memspice::flow
