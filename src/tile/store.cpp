#include "tile/store.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <algorithm>
#include <ctime>
#include <iostream>

#include "base/hash.hpp"
#include "tile/store_connection.hpp"
#include "tile/store_payload.hpp"

namespace memspice::tile {
namespace fs = std::filesystem;
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Takes the leading run of digits, or of anything else, off `text`.
std::string_view take_run(std::string_view& text) {
  std::size_t n = 1;
  while (n < text.size() && is_digit(text[n]) == is_digit(text[0])) ++n;
  const std::string_view run = text.substr(0, n);
  text.remove_prefix(n);
  return run;
}

/// Orders versions as people do: ngspice-9 before ngspice-39 before ngspice-42.1.
bool is_older(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const std::string_view run_a = take_run(a);
    const std::string_view run_b = take_run(b);
    if (run_a == run_b) continue;
    const bool numbers = is_digit(run_a[0]) && is_digit(run_b[0]);
    if (numbers && run_a.size() != run_b.size()) return run_a.size() < run_b.size();
    return run_a < run_b;
  }
  return a.empty() && !b.empty();
}

std::int64_t now() {
  return static_cast<std::int64_t>(std::time(nullptr));
}

void bind_text(SQLite::Statement& statement, int index, std::string_view text) {
  statement.bind(index, std::string(text));
}

/// A folder that exists stands for tiles.sqlite in it. Absolute, so that no name is special to
/// SQLite and a change of the working folder does not matter.
fs::path file_of(const fs::path& path) {
  std::error_code ec;
  const fs::path file = fs::is_directory(path, ec) ? path / "tiles.sqlite" : path;
  const fs::path absolute = fs::absolute(file, ec);
  return ec ? file : absolute;
}

}  // namespace

std::string format_utc(std::int64_t seconds_since_1970) {
  const auto time = static_cast<std::time_t>(seconds_since_1970);
  std::tm parts{};
  if (::gmtime_r(&time, &parts) == nullptr) return "?";
  char text[32] = {};
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text, size};
}

std::string row_checksum(const StoreRow& row, std::string_view compressed) {
  std::string bytes = row.kind + '\n' + row.key + '\n' + row.version + '\n';
  return sha256(bytes.append(compressed));
}

// ---- connection
// ----------------------------------------------------------------------------------

Store::Connection::Connection() = default;
Store::Connection::~Connection() = default;

void Store::Connection::warn(const Fault& fault) const {
  const std::string text = describe(fault);
  if (options.on_warning) return options.on_warning(text);
  std::cerr << "memspice: warning: " << text << '\n';
}

void Store::Connection::give_up(const SQLite::Exception& error, bool was_writing) {
  Fault fault = explain(path, error);
  fault.rule +=
      was_writing ? "; new results are not kept from here on" : "; the run goes on without it";
  writable = false;
  readable = readable && was_writing;
  warn(fault);
}

Store::Connection::Row Store::Connection::read_row(const SQLite::Statement& statement) {
  Row row;
  row.id = statement.getColumn(0).getInt64();
  row.row.kind = statement.getColumn(1).getString();
  row.row.key = statement.getColumn(2).getString();
  row.row.version = statement.getColumn(3).getString();
  row.row.description = statement.getColumn(4).getString();
  row.row.seconds = statement.getColumn(5).getDouble();
  row.row.created = statement.getColumn(6).getInt64();
  row.checksum = statement.getColumn(7).getString();
  row.compressed = statement.getColumn(8).getString();
  row.row.bytes = row.compressed.size();
  return row;
}

std::vector<std::string> Store::Connection::newest_versions(std::string_view kind,
                                                            std::string_view key) {
  std::vector<std::string> versions;
  const std::string of_kind = "SELECT DISTINCT version FROM result WHERE kind = ?";
  SQLite::Statement query(*database, key.empty() ? of_kind : of_kind + " AND key = ?");
  bind_text(query, 1, kind);
  if (!key.empty()) bind_text(query, 2, key);
  while (query.executeStep()) versions.push_back(query.getColumn(0).getString());
  std::sort(versions.begin(), versions.end(), [](const auto& a, const auto& b) {
    return is_older(b, a);
  });
  return versions;
}

std::optional<Store::Connection::Row> Store::Connection::find(std::string_view kind,
                                                              std::string_view key,
                                                              std::string_view version) {
  SQLite::Statement query(*database,
                          std::string("SELECT ") + row_columns +
                              " FROM result WHERE kind = ? AND key = ? AND version = ?");
  bind_text(query, 1, kind);
  bind_text(query, 2, key);
  bind_text(query, 3, version);
  if (!query.executeStep()) return std::nullopt;
  return read_row(query);
}

void Store::Connection::discard(const Row& row, const std::string& rule) {
  warn({.place = path.string(),
        .value = row.row.kind + " " + row.row.key.substr(0, 12) + " (" + row.row.description + ")",
        .rule = rule + "; it is not used",
        .remedy = writable ? "it was deleted and is computed again"
                           : "it is computed again; the store cannot be written"});
  if (!writable) return;
  // Only while it is still the same: another process may have replaced it by now.
  SQLite::Statement removal(*database,
                            "DELETE FROM result WHERE id = ? AND checksum = ? AND payload = ?");
  removal.bind(1, row.id);
  removal.bind(2, row.checksum);
  removal.bind(3, row.compressed.data(), static_cast<int>(row.compressed.size()));
  removal.exec();
}

void Store::Connection::write(const StoreRow& row, std::string_view compressed) {
  SQLite::Statement insertion(
      *database,
      "INSERT OR REPLACE INTO result (kind, key, version, description, "
      "seconds, created, checksum, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  bind_text(insertion, 1, row.kind);
  bind_text(insertion, 2, row.key);
  bind_text(insertion, 3, row.version);
  bind_text(insertion, 4, row.description);
  insertion.bind(5, row.seconds);
  insertion.bind(6, row.created);
  bind_text(insertion, 7, row_checksum(row, compressed));
  insertion.bind(8, compressed.data(), static_cast<int>(compressed.size()));
  insertion.exec();
}

// ---- store
// ---------------------------------------------------------------------------------------

Store::Store(const fs::path& path, StoreOptions options)
    : connection_(std::make_unique<Connection>()) {
  connection_->path = file_of(path);
  connection_->options = std::move(options);
  OpenedDatabase opened = open_database(connection_->path, connection_->options);
  connection_->database = std::move(opened.database);
  connection_->readable = connection_->database != nullptr;
  connection_->writable = opened.writable;
  if (!opened.fault) return;
  if (!connection_->options.must_exist) {
    if (!is_readable()) opened.fault->rule += "; the run goes on without a store";
    connection_->warn(*opened.fault);
  } else if (!is_readable()) {
    throw InputError(*opened.fault);
  }
}

Store::~Store() = default;

const fs::path& Store::path() const noexcept {
  return connection_->path;
}
bool Store::is_readable() const noexcept {
  return connection_->readable;
}
bool Store::is_writable() const noexcept {
  return connection_->writable;
}

bool Store::Connection::accepts(const StoredResult& result) {
  if (result.payload.size() <= max_payload_bytes) return true;
  std::unique_lock lock(mutex);
  warn({.place = path.string(),
        .value = result.description,
        .rule = "is larger than 1 GB and is not kept",
        .remedy = "use smaller tiles or fewer stimuli for each"});
  return false;
}

std::optional<StoredResult> Store::get(std::string_view kind,
                                       std::string_view key,
                                       std::string_view version) {
  Connection& connection = *connection_;
  if (!connection.readable) return std::nullopt;
  std::unique_lock lock(connection.mutex);
  try {
    const std::vector<std::string> versions =
        version.empty() ? connection.newest_versions(kind, key) : std::vector{std::string(version)};
    for (const std::string& candidate : versions) {
      const auto found = connection.find(kind, key, candidate);
      if (!found) continue;
      auto payload = found->is_sound() ? decompress(found->compressed) : std::nullopt;
      if (payload) {
        const StoreRow& row = found->row;
        return StoredResult{
            row.kind, row.key, row.version, row.description, row.seconds, std::move(*payload)};
      }
      connection.discard(*found, "is damaged: its payload does not match its checksum");
    }
  } catch (const SQLite::Exception& error) {
    connection.give_up(error, false);
  }
  return std::nullopt;
}

std::string Store::newest_version(std::string_view kind) {
  if (!connection_->readable) return {};
  std::unique_lock lock(connection_->mutex);
  try {
    const auto versions = connection_->newest_versions(kind, {});
    return versions.empty() ? std::string() : versions.front();
  } catch (const SQLite::Exception& error) {
    connection_->give_up(error, false);
    return {};
  }
}

void Store::refuse(const StoredResult& result, const std::string& why) {
  std::unique_lock lock(connection_->mutex);
  try {
    const auto found = connection_->find(result.kind, result.key, result.version);
    if (found) connection_->discard(*found, why);
  } catch (const SQLite::Exception& error) {
    connection_->give_up(error, false);
  }
}

bool Store::put(const StoredResult& result) {
  Connection& connection = *connection_;
  if (!connection.writable || !connection.accepts(result)) return false;
  const std::string compressed = compress(result.payload);
  const StoreRow row{result.kind,
                     result.key,
                     result.version,
                     result.description,
                     result.seconds,
                     now(),
                     compressed.size()};
  std::unique_lock lock(connection.mutex);
  if (!connection.writable) return false;
  try {
    connection.write(row, compressed);
    return true;
  } catch (const SQLite::Exception& error) {
    connection.give_up(error, true);
    return false;
  }
}

}  // namespace memspice::tile
