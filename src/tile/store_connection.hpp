#pragma once
// The SQLite side of a store: opening it without harm to a foreign file, and saying in plain words
// what went wrong.

#include <atomic>
#include <mutex>
#include <optional>

#include "base/error.hpp"
#include "tile/store.hpp"

namespace SQLite {
class Column;
class Database;
class Exception;
class Statement;
}  // namespace SQLite

namespace memspice::tile {

/// An opened database, or why there is none.
struct OpenedDatabase {
  std::unique_ptr<SQLite::Database> database;  ///< null: unusable
  bool writable = false;
  std::optional<Fault> fault;  ///< why it is unusable or can only be read

  OpenedDatabase();
  OpenedDatabase(OpenedDatabase&&) noexcept;
  ~OpenedDatabase();
};

/// Opens or creates the store at `path`. Throws InputError for one of a newer schema.
OpenedDatabase open_database(const std::filesystem::path& path, const StoreOptions& options);

/// A SQLite failure as place, cause and remedy.
Fault explain(const std::filesystem::path& path, const SQLite::Exception& error);

/// Binds a payload to the row it belongs to.
std::string row_checksum(const StoreRow& row, std::string_view compressed);

struct Store::Connection {
  std::filesystem::path path;
  StoreOptions options;
  std::mutex mutex;  ///< guards all below
  std::unique_ptr<SQLite::Database> database;
  std::atomic<bool> readable = false;
  std::atomic<bool> writable = false;

  Connection();
  ~Connection();

  /// A row with its compressed payload.
  struct Row {
    std::int64_t id = 0;
    StoreRow row;
    std::string checksum, compressed;
    bool is_sound() const { return checksum == row_checksum(row, compressed); }
  };

  /// Newest first; empty `key`: of all rows of the kind.
  std::vector<std::string> newest_versions(std::string_view kind, std::string_view key);
  std::optional<Row> find(std::string_view kind, std::string_view key, std::string_view version);
  /// Warns that `row` is not used because of `rule`, and deletes it while it is still the same.
  void discard(const Row& row, const std::string& rule);
  void write(const StoreRow& row, std::string_view compressed);
  void for_each_row(const std::function<void(const Row&)>& visit);
  std::vector<std::int64_t> rows_to_prune(const PruneOptions& prune);

  void warn(const Fault& fault) const;
  /// Warns, and stops using the store as far as the failure reaches.
  void give_up(const SQLite::Exception& error, bool was_writing);
  /// The database for upkeep; throws RunError when there is none.
  SQLite::Database& require_database();
  void require_writable();
  /// False, with a warning, for a payload that SQLite cannot hold.
  bool accepts(const StoredResult& result);

  /// Columns that every whole row is read from, in `read_row`'s order.
  static constexpr const char* row_columns =
      "id, kind, key, version, description, seconds, created, checksum, payload";
  static Row read_row(const SQLite::Statement& statement);
};

}  // namespace memspice::tile
