#pragma once
// What upkeep of a store asks and finds.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace memspice::tile {

/// A row as lists show it: all but the payload.
struct StoreRow {
  std::string kind, key, version, description;
  double seconds = 0.0;      ///< what computing it took [s]
  std::int64_t created = 0;  ///< [s] since 1970-01-01 00:00 UTC
  std::size_t bytes = 0;     ///< of the compressed payload
};

/// What verify found.
struct StoreCheck {
  std::size_t rows = 0;                ///< looked at
  std::vector<StoreRow> damaged;       ///< rows whose payload is not what was stored
  std::vector<std::string> structure;  ///< SQLite's findings about the file; empty: sound
};

/// Which rows prune removes: those that meet all that is set; with nothing set, every row.
struct PruneOptions {
  std::optional<std::string> kind;
  std::optional<double> older_than;  ///< [s] since it was stored
  bool damaged = false;              ///< only rows that fail their checksum
};

struct PruneResult {
  std::size_t rows = 0;          ///< removed
  std::int64_t bytes_freed = 0;  ///< the file became smaller by
};

struct ExportResult {
  std::size_t rows = 0;           ///< written, one file each, besides index.json
  std::vector<StoreRow> damaged;  ///< left out
};

}  // namespace memspice::tile
