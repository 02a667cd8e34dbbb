#pragma once
// The tile store of a run, and the circuit engine behind it.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.hpp"
#include "tile/measure.hpp"
#include "tile/spice_method.hpp"
#include "tile/store.hpp"
#include "tile/stored_engine.hpp"

namespace memspice::flow {

/// A store, and what it had to say.
struct RunStore {
  std::shared_ptr<std::vector<std::string>> warnings;
  std::unique_ptr<tile::Store> store;
};
RunStore open_store(const std::filesystem::path& file);

/// ngspice behind the store.
struct RunEngine {
  tile::Spice spice(tile::SpiceMethod method) const {
    return {engine.get(), method == tile::SpiceMethod::Pinned ? pinned.get() : nullptr};
  }
  /// What the store answered, and what was run.
  tile::StoreUse use() const;

  std::unique_ptr<engine::Engine> ngspice;  ///< null: only the store answers
  std::unique_ptr<tile::StoredEngine> engine;
  std::unique_ptr<tile::StoredPinned> pinned;
};
/// Without `run_missing` a deck that the store lacks is refused.
RunEngine open_engine(const engine::Options& spice, tile::Store& store, bool run_missing);

}  // namespace memspice::flow
