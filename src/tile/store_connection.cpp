#include "tile/store_connection.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <thread>

#include "base/text.hpp"

namespace memspice::tile {
namespace fs = std::filesystem;
namespace {

constexpr int application_id = 0x4d535043;  // "MSPC", in the file's header
constexpr int schema_version = 1;

constexpr const char* other_path = "name another one in [store] path, or with --set store.path=...";

// SHA-256 in hexadecimal; seconds since 1970 in `created`.
constexpr const char* schema =
    "CREATE TABLE result ("
    "  id INTEGER PRIMARY KEY,"
    "  kind TEXT NOT NULL,"
    "  key TEXT NOT NULL,"
    "  version TEXT NOT NULL,"
    "  description TEXT NOT NULL,"
    "  seconds REAL NOT NULL,"
    "  created INTEGER NOT NULL,"
    "  checksum TEXT NOT NULL,"
    "  payload BLOB NOT NULL,"
    "  UNIQUE (kind, key, version))";

enum class Owner { Nobody, Memspice, Somebody };

int pragma(SQLite::Database& database, const char* name) {
  return database.execAndGet(std::string("PRAGMA ") + name).getInt();
}

/// Whose file it is, from its header alone.
Owner owner_of(SQLite::Database& database) {
  const int id = pragma(database, "application_id");
  const int version = pragma(database, "user_version");
  if (id == application_id && version >= 1) return Owner::Memspice;
  const bool empty = database.execAndGet("SELECT count(*) FROM sqlite_master").getInt() == 0;
  return id == 0 && version == 0 && empty ? Owner::Nobody : Owner::Somebody;
}

void refuse_newer(SQLite::Database& database, const fs::path& path) {
  const int version = pragma(database, "user_version");
  if (version <= schema_version) return;
  throw InputError({.place = path.string(),
                    .value = "store of schema " + std::to_string(version),
                    .rule = "was made by a newer memspice; this one reads schema " +
                            std::to_string(schema_version),
                    .remedy = std::string("update memspice, or ") + other_path});
}

/// Makes the table, unless another process was quicker.
void create_schema(SQLite::Database& database) {
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  if (owner_of(database) == Owner::Nobody) {
    database.exec(schema);
    database.exec("PRAGMA application_id = " + std::to_string(application_id));
    database.exec("PRAGMA user_version = " + std::to_string(schema_version));
  }
  transaction.commit();
}

/// Switches to the write-ahead log. SQLite does not wait for other connections here, so this does.
void use_write_ahead_log(SQLite::Database& database, double lock_timeout) {
  using Clock = std::chrono::steady_clock;
  const auto give_up_at = Clock::now() + std::chrono::duration<double>(lock_timeout);
  for (;;) {
    try {
      if (database.execAndGet("PRAGMA journal_mode = WAL").getString() == "wal") return;
      throw SQLite::Exception("the file system does not support a write-ahead log", SQLITE_IOERR);
    } catch (const SQLite::Exception& error) {
      if (error.getErrorCode() != SQLITE_BUSY || Clock::now() >= give_up_at) throw;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

void configure(SQLite::Database& database) {
  // A commit outlives the death of the process. After a power cut the last ones may be missing,
  // but the file is whole: the cost of a disk flush per tile would buy results that can be
  // computed again.
  database.exec("PRAGMA synchronous = NORMAL");
  database.exec("PRAGMA cell_size_check = ON");
  database.exec("PRAGMA trusted_schema = OFF");
}

Fault foreign_file(const fs::path& path) {
  return {.place = path.string(),
          .value = {},
          .rule = "is not a memspice store and is left as it is",
          .remedy = other_path};
}

Fault read_only_store(const fs::path& path) {
  return {.place = path.string(),
          .value = {},
          .rule = "can only be read: stored results are used, new ones are not kept",
          .remedy = std::string("make it writable, or ") + other_path};
}

OpenedDatabase unusable(Fault fault) {
  OpenedDatabase opened;
  opened.fault = std::move(fault);
  return opened;
}

OpenedDatabase open_read_write(const fs::path& path, const StoreOptions& options) {
  const int flags = SQLite::OPEN_READWRITE | (options.must_exist ? 0 : SQLite::OPEN_CREATE);
  const int timeout_ms = static_cast<int>(options.lock_timeout * 1e3);
  OpenedDatabase opened;
  opened.database = std::make_unique<SQLite::Database>(path.string(), flags, timeout_ms);
  SQLite::Database& database = *opened.database;
  opened.writable = sqlite3_db_readonly(database.getHandle(), "main") == 0;
  if (owner_of(database) == Owner::Nobody && opened.writable && !options.must_exist) {
    create_schema(database);
  }
  if (owner_of(database) != Owner::Memspice) return unusable(foreign_file(path));
  refuse_newer(database, path);
  if (opened.writable) use_write_ahead_log(database, options.lock_timeout);
  configure(database);
  if (!opened.writable) opened.fault = read_only_store(path);
  return opened;
}

/// For a store in a folder that cannot be written, where SQLite cannot make the log's files.
/// Nothing may change such a store meanwhile; if somebody does, checksums still tell.
OpenedDatabase open_immutable(const fs::path& path) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-";
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string uri = "file:";
  for (const char c : path.string()) {
    const auto byte = static_cast<unsigned char>(c);
    if (plain.find(c) != std::string_view::npos) {
      uri += c;
    } else {
      uri += {'%', hex[byte >> 4], hex[byte & 15]};
    }
  }
  OpenedDatabase opened;
  opened.database = std::make_unique<SQLite::Database>(uri + "?immutable=1",
                                                       SQLite::OPEN_READONLY | SQLite::OPEN_URI);
  if (owner_of(*opened.database) != Owner::Memspice) return unusable(foreign_file(path));
  refuse_newer(*opened.database, path);
  configure(*opened.database);
  opened.fault = read_only_store(path);
  return opened;
}

bool is_permission(const SQLite::Exception& error) {
  const int code = error.getErrorCode();
  return code == SQLITE_READONLY || code == SQLITE_CANTOPEN || code == SQLITE_PERM;
}

bool has_open_log(const fs::path& path) {
  std::error_code ec;
  return fs::exists(path.string() + "-wal", ec);
}

}  // namespace

OpenedDatabase::OpenedDatabase() = default;
OpenedDatabase::OpenedDatabase(OpenedDatabase&&) noexcept = default;
OpenedDatabase::~OpenedDatabase() = default;

OpenedDatabase open_database(const fs::path& path, const StoreOptions& options) {
  std::error_code ec;
  if (options.must_exist && !fs::exists(path, ec)) {
    return unusable({.place = path.string(),
                     .value = {},
                     .rule = "no such store",
                     .remedy = "check the path; a run with a store makes one"});
  }
  if (!options.must_exist) fs::create_directories(path.parent_path(), ec);
  try {
    return open_read_write(path, options);
  } catch (const SQLite::Exception& error) {
    if (!is_permission(error) || !fs::exists(path, ec) || has_open_log(path)) {
      return unusable(explain(path, error));
    }
  }
  try {
    return open_immutable(path);
  } catch (const SQLite::Exception& error) {
    return unusable(explain(path, error));
  }
}

Fault explain(const fs::path& path, const SQLite::Exception& error) {
  const std::string words = std::string(" (SQLite: ") + error.what() + ")";
  const auto fault = [&path](std::string rule, std::string remedy) {
    return Fault{
        .place = path.string(), .value = {}, .rule = std::move(rule), .remedy = std::move(remedy)};
  };
  switch (error.getErrorCode()) {
    case SQLITE_NOTADB:
      return foreign_file(path);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return fault("is locked by another program" + words,
                   "wait until it is done, or name another store");
    case SQLITE_FULL:
      return fault("cannot be written: the disk is full" + words, "free some space");
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return fault("cannot be opened or written" + words,
                   "check the permissions of the file and its folder");
    case SQLITE_CORRUPT:
      return fault("is damaged" + words, "move it away: what it held can be computed again");
    default:
      return fault("cannot be used" + words, "check the disk and the file system");
  }
}

}  // namespace memspice::tile
