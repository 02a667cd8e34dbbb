#pragma once
// What was computed once and need not be computed again: results of ngspice and of the mesh solver,
// in one SQLite file that several processes of one machine read and write at once.
// A row is found by (kind, key, version). Its checksum binds the payload to all three: a row that
// was damaged on disk is named, deleted and treated as missing, never used. Each put is one
// transaction in a write-ahead log: a process killed at any moment loses at most the result it was
// writing. A run never fails for its store: see StoreOptions. The log lives in memory shared by the
// processes, so a store belongs on a file system of this machine, not on a network's.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tile/store_upkeep.hpp"

namespace memspice::tile {

/// One result and what it is found by.
struct StoredResult {
  std::string kind;         ///< "spice", "response"
  std::string key;          ///< SHA-256 of all that determines it but the version
  std::string version;      ///< of the engine or solver that computed it: "ngspice-39"
  std::string description;  ///< for people: which tile of which layer
  double seconds = 0.0;     ///< what computing it took [s]
  std::string payload;      ///< encoded result, uncompressed
};

/// "2024-05-01T12:00:00Z"
std::string format_utc(std::int64_t seconds_since_1970);

struct StoreOptions {
  /// For commands about a store itself: a missing or unusable one is an InputError instead of a
  /// warning, and none is created.
  bool must_exist = false;
  double lock_timeout = 10.0;  ///< [s] to wait for another process's write, >= 0
  /// Takes each warning, one line without newline; empty: stderr. Must not call the store.
  std::function<void(const std::string&)> on_warning;
};

class Store {
 public:
  /// Opens the store, or makes one where nothing is. `path` is a file; a folder that exists stands
  /// for tiles.sqlite in it. A file that is no store is never changed. When it cannot be opened
  /// (no database, locked, no permission) one warning says why and every get misses; when it can
  /// only be read, one warning says so and puts do nothing. Throws InputError for a store that a
  /// newer memspice made.
  explicit Store(const std::filesystem::path& path, StoreOptions options = {});
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  const std::filesystem::path& path() const noexcept;
  bool is_readable() const noexcept;
  bool is_writable() const noexcept;

  /// The row of this kind, key and version; empty `version`: the newest. Thread-safe, as put is.
  std::optional<StoredResult> get(std::string_view kind,
                                  std::string_view key,
                                  std::string_view version = {});

  /// The newest version among all rows of a kind; empty when there are none.
  std::string newest_version(std::string_view kind);

  /// Keeps a result, in place of one with the same kind, key and version; true once it would
  /// outlive this process. At the first failure (full disk, lock, file taken away) one warning
  /// says why, and this and all later puts return false.
  bool put(const StoredResult& result);

  /// Warns that a row which get gave cannot be what it stands for, and deletes it where the store
  /// can be written. `why`: "holds 3 points where the deck has 4".
  void refuse(const StoredResult& result, const std::string& why);

  /// All rows by kind, description, key. This and what follows throws RunError when SQLite fails.
  std::vector<StoreRow> list();
  /// Reads every row against its checksum and the file against SQLite's rules; changes nothing.
  StoreCheck verify();
  /// Removes rows and gives the space back to the file system.
  PruneResult prune(const PruneOptions& options);
  /// Writes each payload to `folder` as <kind>-<key>-<version>.npy (matrices) or .bin, and
  /// index.json, which describes them. Throws RunError when it cannot be written.
  ExportResult export_to(const std::filesystem::path& folder);

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace memspice::tile
