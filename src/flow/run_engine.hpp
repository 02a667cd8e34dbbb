#pragma once
// The tile store of a run, and the circuit engine behind it.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "config/flow_options.hpp"
#include "engine/engine.hpp"
#include "tile/store.hpp"
#include "tile/stored_engine.hpp"

namespace memspice::flow {

/// Where a flow keeps its results: [store] path, or tiles.sqlite in the output folder.
std::filesystem::path store_path(const config::FlowOptions& options);

/// The flow's store, and what it had to say.
struct RunStore {
  std::shared_ptr<std::vector<std::string>> warnings;
  std::unique_ptr<tile::Store> store;
};
RunStore open_store(const config::FlowOptions& options);

/// ngspice behind the store.
struct RunEngine {
  std::unique_ptr<engine::Engine> ngspice;  ///< null: only the store answers
  std::unique_ptr<tile::StoredEngine> engine;
};
/// Without `run_missing` a deck that the store lacks is refused.
RunEngine open_engine(const config::FlowOptions& options, tile::Store& store, bool run_missing);

}  // namespace memspice::flow
