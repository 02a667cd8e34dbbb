#pragma once
// An engine that remembers: decks it has answered before come from the store.

#include <memory>

#include "engine/engine.hpp"
#include "tile/store.hpp"

namespace memspice::tile {

/// How far the store spared the work.
struct StoreUse {
  long hits = 0;               ///< answered by the store
  long misses = 0;             ///< computed, or refused when offline
  long kept = 0;               ///< of the misses, now in the store
  double seconds_saved = 0.0;  ///< what the hits once took to compute [s]

  StoreUse& operator+=(const StoreUse& other) {
    hits += other.hits;
    misses += other.misses;
    kept += other.kept;
    seconds_saved += other.seconds_saved;
    return *this;
  }
};

class StoredEngine : public engine::Engine {
 public:
  /// Since it was made. A deck that stands twice in one run_all is run once: its twin is a hit.
  virtual StoreUse use() const = 0;
};

/// Answers decks from `store` and runs the others through `inner`; both must outlive it. A row
/// counts only when deck text, vectors, points and `inner`'s version are the same to the byte. Each
/// success is kept as soon as `inner` hands it over, failures never. A stored answer's summary says
/// so and counts no attempt and no seconds.
///
/// `inner` null is offline: rows of the newest version answer, and a deck that is not stored is
/// Rejected. version() is then that of the rows used so far, or before that of the newest row.
std::unique_ptr<StoredEngine> make_stored_engine(Store& store, engine::Engine* inner);

/// What an offline engine says of a deck or tile that is not stored.
engine::Summary not_stored(const std::string& title);

/// The key of a deck's rows.
std::string deck_key(const netlist::Deck& deck);

}  // namespace memspice::tile
