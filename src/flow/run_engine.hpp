#pragma once
// The circuit engine of a run, with the tile store in front of it.

#include <memory>
#include <string>
#include <vector>

#include "config/flow_options.hpp"
#include "engine/engine.hpp"
#include "tile/store.hpp"
#include "tile/stored_engine.hpp"

namespace memspice::flow {

/// ngspice behind the flow's store. Members in the order in which each needs the one before.
struct RunEngine {
  std::shared_ptr<std::vector<std::string>> warnings;  ///< what the store had to say
  std::unique_ptr<tile::Store> store;
  std::unique_ptr<engine::Engine> ngspice;  ///< null: only the store answers
  std::unique_ptr<tile::StoredEngine> engine;
};

/// Opens the flow's store, [store] path or tiles.sqlite in the output folder. Without
/// `run_missing` a deck that the store lacks is refused.
RunEngine open_engine(const config::FlowOptions& options, bool run_missing);

}  // namespace memspice::flow
