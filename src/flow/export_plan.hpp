#pragma once
// What is asked of an export, and what of a flow it takes.

#include <optional>
#include <string>
#include <vector>

#include "config/flow_options.hpp"
#include "netlist/dialect.hpp"
#include "study/rung.hpp"
#include "tile/array.hpp"

namespace memspice::flow {

/// What `export --what` names, and of which cells.
struct ExportRequest {
  std::string what = {};  ///< tile:LAYER:ROW:COL | layer:LAYER | block:LAYER | network | cell:NAME
  std::string folder = {};  ///< output
  netlist::Dialect dialect = netlist::Dialect::Ngspice;
  int images = 1;            ///< of a layer, block or network: the test set's first, >= 1
  int positions = 0;         ///< of each image, where windows or pixels pass: evenly spread; 0: all
  bool transistors = false;  ///< of a layer or network: op-amps, diodes and MOS, not their twins
  std::optional<int> chip = std::nullopt;     ///< the cells of that [monte_carlo] sample, from 0
  std::optional<double> time = std::nullopt;  ///< of that sample, since programming [s]
  bool programmed = false;                    ///< what [programming] leaves in the cells
};
struct Exported {
  std::vector<std::string> files;  ///< written
  std::vector<std::string> notes;  ///< what of the flow is not in them, for people
};

/// Where the cells of decks come from.
struct CellSources {
  study::VariabilityOptions variability;
  study::ProgrammingOptions programming;
  study::Paths paths;
  study::Rung rung;  ///< the network as configured
  std::uint64_t seed = 1;
  int jobs = 0;  ///< threads; 0: all cores
};

/// What decks of tiles, layers and networks are made of, and what their manifests state.
struct ExportPlan {
  std::string network;  ///< its file's name
  tile::Array array{};  ///< that every tile becomes
  config::DeviceOptions device;
  config::ArrayOptions lines;  ///< as configured, whatever the mapping scheme makes of them
  mapping::ConverterOptions converters;
  CellSources cells;
};

}  // namespace memspice::flow
