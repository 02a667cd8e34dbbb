#pragma once
// A run, from options to report: the path that DESIGN draws, one call per arrow.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/flow_options.hpp"
#include "mapping/tile_plan.hpp"
#include "netlist/deck.hpp"
#include "report/run_report.hpp"

namespace memspice::flow {

/// characterize, simulate, report. Writes results.json, report.html and characterization.json into
/// options.out. Throws InputError, RunError or Interrupted; nothing half-written is left.
report::RunReport run_flow(const config::FlowOptions& options);

/// Opens and cross-checks everything a run needs (network, data, layer names) without running.
/// Returns what was found, one line each, for people.
std::vector<std::string> check_flow(const config::FlowOptions& options);

/// Tiles -> characterization.json, the fit's errors and their page; no simulation.
report::RunReport characterize_flow(const config::FlowOptions& options);
/// Where that page goes: report.html, or beside it where a run has left its own.
std::filesystem::path characterization_page(const config::FlowOptions& options);

/// The network on the tile models of a former characterization in options.store; throws InputError
/// when there are none or they were made with other settings.
report::RunReport simulate_flow(const config::FlowOptions& options);

/// Layers -> tiles, without data or simulation.
mapping::TilePlan map_flow(const config::FlowOptions& options);

/// What `export --what` names, and of which cells.
struct ExportRequest {
  std::string what = {};    ///< tile:LAYER:ROW:COL | layer:LAYER | network | cell:NAME
  std::string folder = {};  ///< output
  netlist::Dialect dialect = netlist::Dialect::Ngspice;
  int images = 1;            ///< of a layer or network: the test set's first, >= 1
  bool transistors = false;  ///< of a layer or network: op-amps, diodes and MOS, not their twins
  std::optional<int> chip = std::nullopt;     ///< the cells of that [monte_carlo] sample, from 0
  std::optional<double> time = std::nullopt;  ///< of that sample, since programming [s]
  bool programmed = false;                    ///< what [programming] leaves in the cells
};
struct Exported {
  std::vector<std::string> files;  ///< written
  std::vector<std::string> notes;  ///< what of the flow is not in them, for people
};
/// Writes the deck and its manifest: the arrays that `run` simulates. Throws InputError naming what
/// of the flow a deck cannot hold.
Exported export_flow(const config::FlowOptions& options, const ExportRequest& request);

}  // namespace memspice::flow
