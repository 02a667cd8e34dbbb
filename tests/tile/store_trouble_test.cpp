// Stores that cannot be used as they should: the run says so once and goes on without.
#include <sqlite3.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <thread>

#include "base/error.hpp"
#include "child_process.hpp"
#include "store_fixture.hpp"

using namespace memspice;
using namespace memspice::tile;
namespace fs = std::filesystem;
using Catch::Matchers::Contains;

namespace {

void write_text(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

/// Gets miss, puts fail, and nothing more is said about it.
void check_goes_on_without(Store& store, StoreFixture& fixture) {
  CHECK_FALSE(store.is_readable());
  CHECK_FALSE(store.is_writable());
  REQUIRE(fixture.warnings.size() == 1);
  const auto result = sample_result("a");
  CHECK_FALSE(store.put(result));
  CHECK_FALSE(get(store, result));
  CHECK(store.newest_version("spice").empty());
  CHECK(fixture.warnings.size() == 1);
  CHECK_THROWS_AS(store.list(), RunError);
  CHECK_THROWS_AS(store.prune({}), RunError);
}

}  // namespace

TEST_CASE("Store leaves a file alone that is no database", "[store]") {
  StoreFixture fixture;
  const std::string text = "# my notes, by no means a database\n" + std::string(5000, 'x');
  write_text(fixture.path, text);
  Store store(fixture.path, fixture.options());
  check_goes_on_without(store, fixture);
  CHECK_THAT(fixture.warnings[0], Contains("tiles.sqlite") && Contains("not a memspice store"));
  CHECK(read_file(fixture.path) == text);
}

TEST_CASE("Store leaves another program's database alone", "[store]") {
  StoreFixture fixture;
  {
    SQLite::Database database(fixture.path.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec("CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('soup')");
  }
  const std::string before = read_file(fixture.path);
  Store store(fixture.path, fixture.options());
  check_goes_on_without(store, fixture);
  CHECK_THAT(fixture.warnings[0], Contains("not a memspice store"));
  CHECK(read_file(fixture.path) == before);
}

TEST_CASE("Store refuses a store of a newer memspice", "[store]") {
  StoreFixture fixture;
  { Store store(fixture.path, fixture.options()); }
  fixture.tamper("PRAGMA user_version = 7");
  const std::string before = read_file(fixture.path);
  CHECK_THROWS_WITH(Store(fixture.path, fixture.options()),
                    Contains("schema 7") && Contains("newer memspice") && Contains("update"));
  CHECK_THROWS_AS(Store(fixture.path, fixture.options()), InputError);
  CHECK(read_file(fixture.path) == before);
}

TEST_CASE("Store takes a folder and makes missing ones", "[store]") {
  StoreFixture fixture;
  {
    Store store(fixture.folder.path(), fixture.options());
    CHECK(store.path() == fixture.path);
    CHECK(store.put(sample_result("a")));
  }
  Store deep(fixture.folder.path() / "a b?c%/d/tiles.sqlite", fixture.options());
  CHECK(deep.put(sample_result("a")));
  CHECK(fixture.warnings.empty());
}

TEST_CASE("Store goes on without a path that cannot be a file", "[store]") {
  StoreFixture fixture;
  write_text(fixture.folder.path() / "file", "text");
  Store store(fixture.folder.path() / "file" / "tiles.sqlite", fixture.options());
  check_goes_on_without(store, fixture);
}

TEST_CASE("Store of a command must exist, and none is made", "[store]") {
  StoreFixture fixture;
  StoreOptions options = fixture.options();
  options.must_exist = true;
  CHECK_THROWS_AS(Store(fixture.path, options), InputError);
  CHECK_FALSE(fs::exists(fixture.path));
  write_text(fixture.path, "");
  CHECK_THROWS_WITH(Store(fixture.path, options), Contains("not a memspice store"));
  CHECK(fs::file_size(fixture.path) == 0);
  write_text(fixture.path, std::string(5000, 'x'));
  CHECK_THROWS_WITH(Store(fixture.path, options), Contains("not a memspice store"));
  CHECK(fixture.warnings.empty());
}

TEST_CASE("Store goes on without one that another program locks", "[store]") {
  StoreFixture fixture;
  const StoredResult result = sample_result("a");
  SECTION("before it is opened") {
    SQLite::Database other(fixture.path.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    other.exec("BEGIN EXCLUSIVE; CREATE TABLE x (y)");
    Store store(fixture.path, fixture.options(0.05));
    check_goes_on_without(store, fixture);
  }
  SECTION("while it is written: reading goes on") {
    Store store(fixture.path, fixture.options(0.05));
    REQUIRE(store.put(result));
    SQLite::Database other(fixture.path.string(), SQLite::OPEN_READWRITE);
    other.exec("BEGIN IMMEDIATE");
    CHECK_FALSE(store.put(sample_result("b")));
    CHECK_FALSE(store.put(sample_result("c")));
    CHECK(get(store, result));
  }
  REQUIRE(fixture.warnings.size() == 1);
  CHECK_THAT(fixture.warnings[0], Contains("locked by another program"));
}

TEST_CASE("Store waits for a short lock", "[store]") {
  StoreFixture fixture;
  Store store(fixture.path, fixture.options());
  SQLite::Database other(fixture.path.string(), SQLite::OPEN_READWRITE);
  other.exec("BEGIN IMMEDIATE");
  std::thread release([&other] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    other.exec("COMMIT");
  });
  CHECK(store.put(sample_result("a")));
  release.join();
  CHECK(fixture.warnings.empty());
}

TEST_CASE("Store says that its pages are damaged", "[store]") {
  StoreFixture fixture;
  {
    Store store(fixture.path, fixture.options());
    for (int k = 0; k < 200; ++k) REQUIRE(store.put(sample_result(std::to_string(k))));
  }
  std::string bytes = read_file(fixture.path);
  REQUIRE(bytes.size() > 8 * 4096);
  // All pages but the first two: the header and the table's root stay.
  for (std::size_t k = 2 * 4096; k < bytes.size(); ++k) bytes[k] = '\x55';
  write_text(fixture.path, bytes);
  SECTION("verify reports it") {
    Store store(fixture.path, fixture.options());
    CHECK_FALSE(store.verify().structure.empty());
  }
  SECTION("a run says it once and goes on") {
    Store store(fixture.path, fixture.options());
    for (int k = 0; k < 200; ++k) CHECK_FALSE(get(store, sample_result(std::to_string(k))));
    REQUIRE(fixture.warnings.size() == 1);
    CHECK_THAT(fixture.warnings[0], Contains("is damaged") && Contains("move it away"));
  }
}

// ---- as a user without permission, in a child process
// --------------------------------------------

TEST_CASE("reader of a store without write permission", "[.store_child_reader]") {
  test::become_ordinary_user();
  const fs::path path = test::child_argument();
  std::vector<std::string> warnings;
  StoreOptions options;
  options.on_warning = [&warnings](const std::string& text) { warnings.push_back(text); };
  Store store(path, options);
  const bool existed = fs::exists(path);
  CHECK(store.is_readable() == existed);
  CHECK_FALSE(store.put(sample_result("b")));
  CHECK(get(store, sample_result("a")).has_value() == existed);
  CHECK_FALSE(get(store, sample_result("b")));
  REQUIRE(warnings.size() == 1);
  CHECK_THAT(warnings[0], Contains(existed ? "can only be read" : "cannot be opened"));
}

TEST_CASE("Store in a read-only folder or file is still read", "[store]") {
  StoreFixture fixture;
  const fs::path folder = fixture.folder.path() / "read only";
  fs::create_directory(folder);
  const fs::path path = folder / "tiles.sqlite";
  const auto readable = fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read;
  const auto enterable = fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;
  const bool file_too = GENERATE(false, true);
  const bool exists = GENERATE(false, true);
  if (exists) Store(path, fixture.options()).put(sample_result("a"));
  fs::permissions(fixture.folder.path(), readable | enterable | fs::perms::owner_write);
  if (exists && file_too) fs::permissions(path, readable);
  fs::permissions(folder, readable | enterable);
  CHECK(test::run_child("[.store_child_reader]", path.string()) == 0);
  fs::permissions(folder, fs::perms::owner_all);
}

TEST_CASE("writer of a store that may not grow", "[.store_child_full]") {
  test::limit_file_size(200'000);
  std::vector<std::string> warnings;
  StoreOptions options;
  options.on_warning = [&warnings](const std::string& text) { warnings.push_back(text); };
  Store store(test::child_argument(), options);
  int kept = 0;
  for (int k = 0; k < 400; ++k) {
    StoredResult result = sample_result(std::to_string(k));
    for (int part = 0; part < 50; ++part) {
      result.payload += sha256(std::to_string(part) + ":" + std::to_string(k));
    }
    kept += store.put(result);
  }
  CHECK(kept > 10);
  CHECK(kept < 390);
  REQUIRE(warnings.size() == 1);
  CHECK_THAT(warnings[0], Contains("new results are not kept from here on"));
  CHECK_FALSE(store.is_writable());
  CHECK(get(store, sample_result("0")));
}

TEST_CASE("Store whose disk is full keeps what it has and the run goes on", "[store]") {
  StoreFixture fixture;
  CHECK(test::run_child("[.store_child_full]", fixture.path.string()) == 0);
  Store store(fixture.path, fixture.options());
  const auto check = store.verify();
  CHECK(check.rows > 10);
  CHECK(check.damaged.empty());
  CHECK(check.structure.empty());
  CHECK(store.put(sample_result("there is room again")));
}
