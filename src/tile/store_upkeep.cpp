// What is done to a whole store: list, verify, prune, export.
#include "tile/store_upkeep.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <ctime>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "base/interrupt.hpp"
#include "tile/store_connection.hpp"
#include "tile/store_payload.hpp"

namespace memspice::tile {
namespace fs = std::filesystem;
namespace {

/// Runs `action`; what SQLite throws becomes a RunError in plain words.
template <class Action>
auto translated(const fs::path& path, Action action) {
  try {
    return action();
  } catch (const SQLite::Exception& error) {
    throw RunError(explain(path, error));
  }
}

/// SQLite's own check of pages, tables and indices; empty when it found nothing.
std::vector<std::string> check_structure(SQLite::Database& database) {
  std::vector<std::string> findings;
  try {
    SQLite::Statement check(database, "PRAGMA integrity_check(20)");
    while (check.executeStep()) findings.push_back(check.getColumn(0).getString());
  } catch (const SQLite::Exception& error) {
    findings.emplace_back(error.what());
  }
  if (findings == std::vector<std::string>{"ok"}) findings.clear();
  return findings;
}

/// Empties the log into the file, so that the file's size is the store's size.
std::int64_t settled_size(SQLite::Database& database, const fs::path& path) {
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  std::error_code ec;
  const auto size = fs::file_size(path, ec);
  return ec ? 0 : static_cast<std::int64_t>(size);
}

void delete_rows(SQLite::Database& database, const std::vector<std::int64_t>& ids) {
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  SQLite::Statement removal(database, "DELETE FROM result WHERE id = ?");
  for (const std::int64_t id : ids) {
    removal.bind(1, id);
    removal.exec();
    removal.reset();
  }
  transaction.commit();
}

/// "response-<key>-crossbar-1.npy": letters that every file system takes.
std::string export_name(const StoreRow& row, bool npy) {
  std::string name = row.kind + "-" + row.key + "-" + row.version;
  for (char& c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!plain && c != '-' && c != '_' && c != '.') c = '_';
  }
  return name + (npy ? ".npy" : ".bin");
}

nlohmann::ordered_json index_entry(const StoreRow& row, const std::string& file) {
  return {{"file", file},
          {"kind", row.kind},
          {"key", row.key},
          {"version", row.version},
          {"description", row.description},
          {"seconds", row.seconds},
          {"created", format_utc(row.created)}};
}

}  // namespace

SQLite::Database& Store::Connection::require_database() {
  if (readable) return *database;
  throw RunError({.place = path.string(),
                  .value = {},
                  .rule = "this store is not in use, for the reason given before",
                  .remedy = "mend it or name another one"});
}

void Store::Connection::require_writable() {
  require_database();
  if (writable) return;
  throw RunError({.place = path.string(),
                  .value = {},
                  .rule = "cannot be written",
                  .remedy = "check the permissions of the file and its folder"});
}

std::vector<StoreRow> Store::list() {
  std::unique_lock lock(connection_->mutex);
  SQLite::Database& database = connection_->require_database();
  return translated(path(), [&] {
    std::vector<StoreRow> rows;
    SQLite::Statement query(database,
                            "SELECT kind, key, version, description, seconds, created, "
                            "length(payload) FROM result ORDER BY kind, description, key, version");
    while (query.executeStep()) {
      rows.push_back({query.getColumn(0).getString(),
                      query.getColumn(1).getString(),
                      query.getColumn(2).getString(),
                      query.getColumn(3).getString(),
                      query.getColumn(4).getDouble(),
                      query.getColumn(5).getInt64(),
                      static_cast<std::size_t>(query.getColumn(6).getInt64())});
    }
    return rows;
  });
}

void Store::Connection::for_each_row(const std::function<void(const Row&)>& visit) {
  SQLite::Statement query(*database,
                          std::string("SELECT ") + row_columns + " FROM result ORDER BY id");
  while (query.executeStep()) {
    throw_if_interrupted();
    visit(read_row(query));
  }
}

StoreCheck Store::verify() {
  std::unique_lock lock(connection_->mutex);
  SQLite::Database& database = connection_->require_database();
  StoreCheck check;
  check.structure = check_structure(database);
  try {
    connection_->for_each_row([&check](const Connection::Row& row) {
      ++check.rows;
      if (!row.is_sound()) check.damaged.push_back(row.row);
    });
  } catch (const SQLite::Exception& error) {
    check.structure.emplace_back(std::string("rows cannot be read: ") + error.what());
  }
  return check;
}

std::vector<std::int64_t> Store::Connection::rows_to_prune(const PruneOptions& prune) {
  const auto now = static_cast<double>(std::time(nullptr));
  std::vector<std::int64_t> ids;
  if (prune.damaged) {
    for_each_row([&](const Row& row) {
      const bool old_enough =
          !prune.older_than || static_cast<double>(row.row.created) < now - *prune.older_than;
      if (!row.is_sound() && old_enough && (!prune.kind || *prune.kind == row.row.kind)) {
        ids.push_back(row.id);
      }
    });
    return ids;
  }
  SQLite::Statement query(*database,
                          "SELECT id FROM result WHERE (?1 IS NULL OR kind = ?1) AND created < ?2");
  if (prune.kind) query.bind(1, *prune.kind);
  query.bind(2, prune.older_than ? now - *prune.older_than : std::numeric_limits<double>::max());
  while (query.executeStep()) ids.push_back(query.getColumn(0).getInt64());
  return ids;
}

PruneResult Store::prune(const PruneOptions& options) {
  std::unique_lock lock(connection_->mutex);
  connection_->require_writable();
  SQLite::Database& database = *connection_->database;
  return translated(path(), [&] {
    PruneResult result;
    const std::int64_t size_before = settled_size(database, path());
    const std::vector<std::int64_t> ids = connection_->rows_to_prune(options);
    delete_rows(database, ids);
    result.rows = ids.size();
    try {
      database.exec("VACUUM");
      result.bytes_freed = size_before - settled_size(database, path());
    } catch (const SQLite::Exception& error) {
      Fault fault = explain(path(), error);
      fault.rule = "rows were removed, but the file could not be made smaller: " + fault.rule;
      connection_->warn(fault);
    }
    return result;
  });
}

ExportResult Store::export_to(const fs::path& folder) {
  std::unique_lock lock(connection_->mutex);
  connection_->require_database();
  require_writable_folder(folder);
  ExportResult result;
  auto index = nlohmann::ordered_json::array();
  translated(path(), [&] {
    connection_->for_each_row([&](const Connection::Row& row) {
      const auto payload = row.is_sound() ? decompress(row.compressed) : std::nullopt;
      if (!payload) return result.damaged.push_back(row.row);
      const std::string file = export_name(row.row, is_npy(*payload));
      write_file(folder / file, *payload);
      index.push_back(index_entry(row.row, file));
      ++result.rows;
    });
  });
  // Names come from networks and may hold any bytes.
  const auto replace = nlohmann::ordered_json::error_handler_t::replace;
  write_file(folder / "index.json", index.dump(1, ' ', false, replace) + "\n");
  return result;
}

}  // namespace memspice::tile
