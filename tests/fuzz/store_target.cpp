// The tile store: damaged files, and rows that somebody else wrote with a checksum that fits.

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <cmath>
#include <cstring>

#include "base/files.hpp"
#include "mutate.hpp"
#include "sample_files.hpp"
#include "target.hpp"
#include "tile/store.hpp"
#include "tile/store_connection.hpp"
#include "tile/store_payload.hpp"
#include "tile/stored_engine.hpp"
#include "tile/stored_response.hpp"

namespace memspice::fuzz {
namespace fs = std::filesystem;
namespace {

const netlist::Deck kDeck{.title = "tile conv1:0:0",
                          .text = "* deck\nr1 a 0 1\n.end\n",
                          .vectors = {"v_1#branch", "v_2#branch"},
                          .points = 4};
constexpr int kStoreSide = 64;  // the smallest array that is stored

Eigen::MatrixXd cells() {
  return Eigen::MatrixXd::Constant(kStoreSide, kStoreSide, 1e-5);
}

crossbar::Wiring wiring() {
  crossbar::Wiring wiring;
  wiring.row = wiring.column = 1.0;
  return wiring;
}

/// The bytes of a store with one result of each kind.
std::string sample_store() {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "tiles.sqlite";
  {
    tile::Store store(path);
    Eigen::MatrixXd table = Eigen::MatrixXd::Constant(kDeck.points, 3, 1e-5);
    table.col(0) = Eigen::VectorXd::LinSpaced(kDeck.points, 0.0, kDeck.points - 1.0);
    store.put({.kind = "spice",
               .key = tile::deck_key(kDeck),
               .version = "ngspice-39",
               .description = kDeck.title,
               .seconds = 1.5,
               .payload = tile::encode_npy(table)});
    tile::stored_response(&store, cells(), wiring());
  }
  return read_file(path);
}

/// Bytes 18 and 19 of a database's header say 2 for a write-ahead log, which memory cannot have.
void set_log(std::string& bytes, char version) {
  if (bytes.size() > 19) bytes[18] = bytes[19] = version;
}

/// A number of the matrix, its shape, or any byte; compressed and summed up as the store does.
void change_payload(SQLite::Database& database, RandomStream& random) {
  SQLite::Statement query(database,
                          "SELECT kind, key, version, payload, id FROM result ORDER BY id");
  std::vector<tile::StoreRow> rows;
  std::vector<std::string> payloads;
  std::vector<std::int64_t> ids;
  while (query.executeStep()) {
    tile::StoreRow row;
    row.kind = query.getColumn(0).getString();
    row.key = query.getColumn(1).getString();
    row.version = query.getColumn(2).getString();
    rows.push_back(row);
    payloads.push_back(tile::decompress(query.getColumn(3).getString()).value_or("none"));
    ids.push_back(query.getColumn(4).getInt64());
  }
  if (rows.empty()) return;
  const std::size_t k = random.below(rows.size());
  std::string payload = payloads[k];
  if (random.chance(0.4)) {
    const auto side = [&random] { return static_cast<Eigen::Index>(random.below(6)); };
    payload = tile::encode_npy(Eigen::MatrixXd::Constant(side(), side(), 1e-5));
  } else if (random.chance(0.6) && payload.size() >= 8) {
    constexpr double values[] = {NAN, INFINITY, 1e300, -1e300, 1e10, -1.0, 0.0, 1e-320};
    const std::size_t at = 8 * random.below(payload.size() / 8);
    std::memcpy(payload.data() + at, &values[random.below(std::size(values))], 8);
  } else {
    payload = mutate_bytes(std::move(payload), random);
  }
  const std::string compressed = tile::compress(payload);
  SQLite::Statement update(database, "UPDATE result SET payload = ?, checksum = ? WHERE id = ?");
  update.bind(1, compressed.data(), static_cast<int>(compressed.size()));
  update.bind(2, tile::row_checksum(rows[k], compressed));
  update.bind(3, ids[k]);
  update.exec();
}

void change_columns(SQLite::Database& database, RandomStream& random) {
  static const std::vector<std::string> columns = {
      "kind", "key", "version", "description", "seconds", "created", "checksum", "payload"};
  static const std::vector<std::string> values = {"''",
                                                  "x'00ff9b'",
                                                  "9e999",
                                                  "-9223372036854775808",
                                                  "1e300",
                                                  "zeroblob(100000)",
                                                  "'ngspice-99999999999999999999'",
                                                  "hex(randomblob(0)) || char(27) || '[2J'",
                                                  "NULL",
                                                  "'../../x'",
                                                  "upper(key)",
                                                  "-1"};
  database.exec("UPDATE OR IGNORE result SET " + pick(columns, random) + " = " +
                pick(values, random));
}

/// A row that was changed with all its sums right; bytes that are no database stay as they are.
std::string change_row(std::string input, RandomStream& random) {
  set_log(input, 1);
  SQLite::Database database(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  auto* copy = static_cast<unsigned char*>(::sqlite3_malloc64(input.size() + 1));
  std::memcpy(copy, input.data(), input.size());
  const auto size = static_cast<sqlite3_int64>(input.size());
  ::sqlite3_deserialize(database.getHandle(),
                        "main",
                        copy,
                        size,
                        size,
                        SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE);
  try {
    if (random.chance(0.7)) {
      change_payload(database, random);
    } else {
      change_columns(database, random);
    }
    sqlite3_int64 bytes = 0;
    unsigned char* whole = ::sqlite3_serialize(database.getHandle(), "main", &bytes, 0);
    if (whole != nullptr) {
      input.assign(reinterpret_cast<char*>(whole), static_cast<std::size_t>(bytes));
      ::sqlite3_free(whole);
    }
  } catch (const std::exception&) {
    input = mutate_bytes(std::move(input), random);
  }
  set_log(input, 2);
  return input;
}

void read_store(const fs::path& file) {
  for (const char* suffix : {"-wal", "-shm"}) fs::remove(file.string() + suffix);
  tile::Store store(file, {.must_exist = false, .lock_timeout = 0.1, .on_warning = {}});
  const auto engine = tile::make_stored_engine(store, nullptr);
  engine->run(kDeck);
  engine->version();
  tile::stored_response(&store, cells(), wiring());
  if (!store.is_readable()) return;
  store.list();
  store.verify();
  if (!store.is_writable()) return;
  fs::create_directory(file.parent_path() / "exported");
  store.export_to(file.parent_path() / "exported");
  fs::remove_all(file.parent_path() / "exported");
  store.prune({.kind = {}, .older_than = {}, .damaged = true});
}

}  // namespace

Target store_target() {
  return {.name = "store",
          .file = "tiles.sqlite",
          .seeds = {sample_store()},
          .tokens = {"CREATE TABLE result (", "CREATE TRIGGER", "SQLite format 3"},
          .own_mutator = change_row,
          .run = read_store};
}

}  // namespace memspice::fuzz
