#pragma once
// Pinned solutions through the store: what ngspice certified once need not be asked again.

#include <Eigen/Core>
#include <mutex>
#include <optional>
#include <string>

#include "engine/engine.hpp"
#include "tile/pinned_solver.hpp"
#include "tile/store.hpp"
#include "tile/stored_engine.hpp"

namespace memspice::tile {

/// Rows are found by the key of the tile as one circuit (deck_key), which says all that decides the
/// answer, and by the simulator's version with that of this method: rows of direct runs are others.
/// Safe to ask from several threads, as layers that run in ngspice do.
class StoredPinned {
 public:
  /// `inner` null is offline: rows of the newest version answer. Both must outlive it.
  StoredPinned(Store& store, engine::Engine* inner) : store_(store), inner_(inner) {}

  /// Null when offline.
  engine::Engine* engine() const noexcept { return inner_; }
  /// "ngspice-39"; offline that of the rows used so far, or before that of the newest.
  std::string version();

  /// A solution of this many bit lines and points. Its summary says that it is stored and counts no
  /// attempt and no seconds. A miss is counted where there is none.
  std::optional<PinnedSolution> look_up(const std::string& key,
                                        Eigen::Index bit_lines,
                                        Eigen::Index points);
  /// Keeps a success; failures never. `description`: for people.
  void keep(const std::string& key, const std::string& description, const PinnedSolution& solution);

  StoreUse use() const {
    const std::lock_guard lock(mutex_);
    return use_;
  }

 private:
  std::string row_version();

  Store& store_;
  engine::Engine* inner_;
  mutable std::mutex mutex_;  ///< of what follows
  StoreUse use_;
  std::string version_used_;
};

}  // namespace memspice::tile
