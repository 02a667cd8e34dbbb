#pragma once
// A smaller network: channels chosen, removed, counted, written.

#include <filesystem>
#include <string>
#include <vector>

#include "mapping/prune.hpp"
#include "mapping/tile_plan.hpp"

namespace memspice::flow {

/// What a layer with weights takes.
struct LayerHardware {
  long memristors = 0;  ///< two per weight, biases not counted (METHODS section 5)
  long crossbars = 0;   ///< as the flow's [mapping] lays them out
  LayerHardware& operator+=(const LayerHardware& other);
};

struct PruneReport {
  struct Layer {
    std::string name;
    LayerHardware before, after;
  };
  std::filesystem::path source, file;  ///< the network, and the smaller one that was written
  mapping::PruneChoice choice;
  std::vector<Layer> layers;    ///< every layer with weights, in topological order
  LayerHardware before, after;  ///< sums over the layers
};

/// Prunes the network `source` as `options` say and writes `file`, whole or not at all; counts
/// layers as `mapping` lays them out. Throws InputError for
/// what choose_channels refuses, and where `file` is the network itself.
PruneReport prune_network(const std::filesystem::path& source,
                          const network::ImportOptions& import_options,
                          const mapping::PruneOptions& options,
                          const mapping::MappingInputs& mapping,
                          const std::filesystem::path& file);

}  // namespace memspice::flow
