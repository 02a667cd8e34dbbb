#pragma once

#include <map>
#include <optional>

#include "flow/network_periphery.hpp"
#include "flow/stages.hpp"
#include "report/run_report.hpp"
#include "tile/stored_engine.hpp"

namespace memspice::flow {

/// What the tile store did for the run.
struct StoreReport {
  tile::StoreUse spice;      ///< decks
  tile::StoreUse responses;  ///< linear responses of tiles
  std::vector<std::string> warnings;
};

/// Everything a report is made of.
struct ReportParts {
  const config::FlowOptions* options = nullptr;
  const Parts* parts = nullptr;
  const std::map<std::string, simulate::Outcome>* outcomes = nullptr;  ///< by pass
  /// Of the arrays, per plan layer and image [J]: over the card's read time, and over the settling
  /// time of a measured periphery where there is one.
  const std::vector<double>* read_energy = nullptr;
  const std::vector<double>* energy = nullptr;
  std::vector<report::LayerAgainstSpice> against_spice;
  std::optional<report::VariabilityReport> variability;
  std::optional<report::ProgrammingReport> programming;
  std::optional<report::BitstreamReport> bitstream = std::nullopt;
  std::optional<report::SpectralReport> spectral = std::nullopt;
  std::optional<report::NetworkPeripheryReport> periphery = std::nullopt;
  const NetworkPeriphery* measured = nullptr;  ///< null where nothing is to be measured
  StoreReport store;
  double seconds_characterize = 0.0, seconds_simulate = 0.0, seconds_total = 0.0;
};

report::RunReport build_report(const ReportParts& parts);

/// "resnet20", or "resnet20: half pruned" for a variant.
std::string title_of(const config::FlowOptions& options);

}  // namespace memspice::flow
