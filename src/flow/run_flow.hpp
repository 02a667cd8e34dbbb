#pragma once
// A run, from options to report: the path that DESIGN draws, one call per arrow; and whatever else
// a flow is asked for.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/flow_options.hpp"
#include "cost/network_cost.hpp"
#include "flow/export_plan.hpp"
#include "flow/forecast.hpp"
#include "flow/prune_network.hpp"
#include "mapping/scheme_count.hpp"
#include "network/digital_work.hpp"
#include "periphery/periphery_model.hpp"
#include "report/run_report.hpp"

namespace memspice::flow {

/// characterize, simulate, report. Writes results.json, report.html and characterization.json into
/// options.out. Throws InputError, RunError or Interrupted; nothing half-written is left.
report::RunReport run_flow(const config::FlowOptions& options);

/// The network on the tile models of a former characterization in options.store; throws InputError
/// when there are none or they were made with other settings.
report::RunReport simulate_flow(const config::FlowOptions& options);

/// Tiles -> characterization.json, the fit's errors and their page; no simulation.
report::RunReport characterize_flow(const config::FlowOptions& options);
/// Where that page goes: report.html, or beside it where a run has left its own in `folder`.
std::filesystem::path characterization_page(const std::filesystem::path& folder);

/// Characterizes the circuits of [periphery], answers from the store where it has them, and writes
/// periphery.json into options.out. Throws InputError when the flow names none.
std::vector<periphery::PeripheryModel> characterize_periphery(const config::FlowOptions& options);

/// Opens and cross-checks everything a run needs (network, data, layer names) without running.
/// Returns what was found, one line each, for people.
std::vector<std::string> check_flow(const config::FlowOptions& options);

/// Layers -> tiles, without data or simulation.
mapping::TilePlan map_flow(const config::FlowOptions& options);

/// What a network takes as hardware, before any simulation.
struct MapReport {
  mapping::TilePlan plan;
  long parameters = 0;
  std::vector<mapping::LayerSchemes> schemes;
  std::optional<cost::NetworkCost> cost;
  std::optional<report::KernelFirstReport> kernel_first;  ///< under that scheme
  SpiceForecast spice;                                    ///< of characterizing its tiles
  std::optional<network::DigitalWork> sequences = {};     ///< gates and attention
};
/// Layers -> tiles, their counts under every scheme, and their cost; without data.
MapReport report_map(const config::FlowOptions& options);

/// The same as the part of a run's report that needs no run.
report::RunReport report_hardware(const config::FlowOptions& options);

/// Prunes options.network_file as options.prune says: prune_network.
PruneReport prune_flow(const config::FlowOptions& options, const std::filesystem::path& file);

/// Writes the deck and its manifest: the arrays that `run` simulates. Throws InputError naming what
/// of the flow a deck cannot hold.
Exported export_flow(const config::FlowOptions& options, const ExportRequest& request);

}  // namespace memspice::flow
