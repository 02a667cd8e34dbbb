#pragma once
// The manifest of an exported network or layer.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "flow/export_cells.hpp"
#include "netlist/deck.hpp"
#include "synthesis/network_circuit.hpp"

namespace memspice::flow {

/// What is exported: stages, their sources, and where each stimulus comes from.
struct NetworkSlice {
  std::string name;
  synthesis::NetworkStages stages;
  std::map<int, Eigen::MatrixXd> sources;           ///< [V], by LayerId; of one column: held
  std::vector<std::pair<int, int>> positions = {};  ///< of each image's stimuli, if windows slide
};

/// The file of a source's voltages: held ones have their own.
std::string voltage_file(const NetworkSlice& slice, const Eigen::MatrixXd& V);

/// Its distinct tiles, in the order of their first use.
std::vector<const mapping::Tile*> tiles_of(const NetworkSlice& slice);

struct WrittenNetwork {
  const synthesis::NetworkCircuit* circuit = nullptr;
  const netlist::Deck* deck = nullptr;
};
/// As JSON text.
std::string network_manifest(const ExportPlan& plan,
                             const ExportedCells& cells,
                             const NetworkSlice& slice,
                             const WrittenNetwork& written,
                             const ExportRequest& request);

}  // namespace memspice::flow
