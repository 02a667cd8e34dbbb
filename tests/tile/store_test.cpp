#include "tile/store.hpp"

#include <sqlite3.h>

#include <catch2/catch.hpp>
#include <ctime>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/error.hpp"
#include "store_fixture.hpp"

using namespace memspice;
using namespace memspice::tile;
namespace fs = std::filesystem;
using Catch::Matchers::Contains;

TEST_CASE("Store gives back what was put, also to a later run", "[store]") {
  StoreFixture fixture;
  StoredResult result = sample_result("fc1:0:0");
  result.payload = std::string("bytes \0 and \xff, any", 19);
  {
    Store store(fixture.path, fixture.options());
    CHECK_FALSE(get(store, result));
    REQUIRE(store.put(result));
  }
  Store store(fixture.path, fixture.options());
  const auto found = get(store, result);
  REQUIRE(found);
  CHECK(found->payload == result.payload);
  CHECK(found->version == result.version);
  CHECK(found->description == result.description);
  CHECK(found->seconds == result.seconds);
  CHECK(fixture.warnings.empty());
}

TEST_CASE("Store tells kinds, keys and versions apart and replaces what has all three", "[store]") {
  StoreFixture fixture;
  Store store(fixture.path, fixture.options());
  StoredResult result = sample_result("a");
  StoredResult other_kind = result, other_version = result;
  other_kind.kind = "response";
  other_kind.payload = "other kind";
  other_version.version = "ngspice-42";
  other_version.payload = "other version";
  for (const auto& each : {result, other_kind, other_version}) REQUIRE(store.put(each));
  for (const auto& each : {result, other_kind, other_version}) {
    CHECK(get(store, each)->payload == each.payload);
  }
  CHECK_FALSE(store.get("spice", result.key, "ngspice-3"));
  CHECK_FALSE(store.get("spice", sha256("b"), result.version));
  result.payload = "new";
  REQUIRE(store.put(result));
  CHECK(get(store, result)->payload == "new");
  CHECK(store.list().size() == 3);
}

TEST_CASE("Store finds the newest version by number, not by letters", "[store]") {
  StoreFixture fixture;
  Store store(fixture.path, fixture.options());
  CHECK(store.newest_version("spice").empty());
  for (const char* version : {"ngspice-39", "ngspice-9", "ngspice-42.1", "ngspice-42"}) {
    REQUIRE(store.put(sample_result("a", version)));
  }
  CHECK(store.get("spice", sha256("a"))->version == "ngspice-42.1");
  CHECK(store.newest_version("spice") == "ngspice-42.1");
  CHECK(store.newest_version("response").empty());
}

TEST_CASE("Store names, deletes and never returns a damaged row", "[store]") {
  StoreFixture fixture;
  Store store(fixture.path, fixture.options());
  const StoredResult good = sample_result("good"), bad = sample_result("bad");
  REQUIRE(store.put(good));
  REQUIRE(store.put(bad));
  const std::string of_bad = " WHERE key = '" + bad.key + "'";
  SECTION("one byte of the payload") {
    fixture.tamper(
        "UPDATE result SET payload = CAST(substr(payload, 1, 20) || x'5a' || "
        "substr(payload, 22) AS BLOB)" +
        of_bad);
  }
  SECTION("a payload cut short") {
    fixture.tamper("UPDATE result SET payload = substr(payload, 1, 30)" + of_bad);
  }
  SECTION("an empty payload") {
    fixture.tamper("UPDATE result SET payload = x''" + of_bad);
  }
  SECTION("the payload of another row, whole") {
    fixture.tamper(
        "UPDATE result SET (payload, checksum) = (SELECT payload, checksum FROM result "
        "WHERE key = '" +
        good.key + "')" + of_bad);
  }
  SECTION("the version") {
    fixture.tamper("UPDATE result SET version = 'ngspice-40'" + of_bad);
  }
  const auto check = store.verify();
  CHECK(check.rows == 2);
  CHECK(check.structure.empty());
  REQUIRE(check.damaged.size() == 1);
  CHECK(check.damaged[0].key == bad.key);
  CHECK_FALSE(store.get(bad.kind, bad.key));
  REQUIRE(fixture.warnings.size() == 1);
  CHECK_THAT(fixture.warnings[0], Contains("tiles.sqlite"));
  CHECK_THAT(fixture.warnings[0], Contains("tile bad"));
  CHECK_THAT(fixture.warnings[0], Contains("deleted"));
  CHECK(store.list().size() == 1);
  CHECK(get(store, good)->payload == good.payload);
  REQUIRE(store.put(bad));
  CHECK(get(store, bad)->payload == bad.payload);
  CHECK(store.verify().damaged.empty());
}

TEST_CASE("Store falls back to an older version when the newest is damaged", "[store]") {
  StoreFixture fixture;
  Store store(fixture.path, fixture.options());
  REQUIRE(store.put(sample_result("a", "ngspice-39")));
  REQUIRE(store.put(sample_result("a", "ngspice-42")));
  fixture.tamper("UPDATE result SET payload = x'00' WHERE version = 'ngspice-42'");
  CHECK(store.get("spice", sha256("a"))->version == "ngspice-39");
  CHECK(fixture.warnings.size() == 1);
}

TEST_CASE("Store serves many threads at once", "[store]") {
  StoreFixture fixture;
  Store store(fixture.path, fixture.options());
  constexpr int n_threads = 4, n_rows = 25;
  std::vector<std::thread> threads;
  std::atomic<int> right = 0;
  for (int t = 0; t < n_threads; ++t) {
    threads.emplace_back([&, t] {
      for (int k = 0; k < n_rows; ++k) {
        const auto result = sample_result(std::to_string(t) + ":" + std::to_string(k));
        store.put(result);
        const auto found = get(store, result);
        right += found && found->payload == result.payload;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(right == n_threads * n_rows);
  CHECK(store.list().size() == n_threads * n_rows);
}

TEST_CASE("Store prunes by kind, by age, the damaged, or all", "[store]") {
  StoreFixture fixture;
  Store store(fixture.path, fixture.options());
  for (int k = 0; k < 6; ++k) {
    StoredResult result = sample_result(std::to_string(k));
    result.kind = k < 3 ? "spice" : "response";
    REQUIRE(store.put(result));
  }
  const auto created_before = std::to_string(std::time(nullptr) - 1000);
  fixture.tamper("UPDATE result SET created = " + created_before + " WHERE key IN ('" +
                 sha256("0") + "', '" + sha256("3") + "')");
  fixture.tamper("UPDATE result SET payload = x'00' WHERE key IN ('" + sha256("1") + "', '" +
                 sha256("4") + "')");
  PruneOptions options;
  std::size_t removed = 6;
  SECTION("all") {}
  SECTION("kind") {
    options.kind = "spice", removed = 3;
  }
  SECTION("age") {
    options.older_than = 500.0, removed = 2;
  }
  SECTION("kind and age") {
    options.kind = "response", options.older_than = 500.0, removed = 1;
  }
  SECTION("older than anything") {
    options.older_than = 2000.0, removed = 0;
  }
  SECTION("damaged") {
    options.damaged = true, removed = 2;
  }
  SECTION("damaged of a kind") {
    options.damaged = true, options.kind = "spice", removed = 1;
  }
  SECTION("damaged and old") {
    options.damaged = true, options.older_than = 500.0, removed = 0;
  }
  CHECK(store.prune(options).rows == removed);
  CHECK(store.list().size() == 6 - removed);
  CHECK(fixture.warnings.empty());
}

TEST_CASE("Store gives the space of pruned rows back", "[store]") {
  StoreFixture fixture;
  Store store(fixture.path, fixture.options());
  StoredResult large = sample_result("large");
  for (std::size_t k = 0; k < 300'000; ++k) {  // hardly compressible: the bytes of a hash chain
    if (k % 64 == 0) large.payload += sha256(std::to_string(k));
  }
  REQUIRE(store.put(large));
  const PruneResult pruned = store.prune({});
  CHECK(pruned.rows == 1);
  CHECK(pruned.bytes_freed > 100'000);
  CHECK(fs::file_size(fixture.path) < 64'000);
}

TEST_CASE("Store exports payloads and an index that describes them", "[store]") {
  StoreFixture fixture;
  Store store(fixture.path, fixture.options());
  const StoredResult good = sample_result("good"), bad = sample_result("bad");
  REQUIRE(store.put(good));
  REQUIRE(store.put(bad));
  fixture.tamper("UPDATE result SET payload = x'00' WHERE key = '" + bad.key + "'");
  const fs::path out = fixture.folder.path() / "exported" / "here";
  const ExportResult exported = store.export_to(out);
  CHECK(exported.rows == 1);
  REQUIRE(exported.damaged.size() == 1);
  CHECK(exported.damaged[0].key == bad.key);
  const auto index = nlohmann::json::parse(read_file(out / "index.json"));
  REQUIRE(index.size() == 1);
  CHECK(index[0]["file"] == "spice-" + good.key + "-ngspice-39.bin");
  CHECK(index[0]["description"] == "tile good");
  CHECK(index[0]["version"] == "ngspice-39");
  CHECK(read_file(out / index[0]["file"].get<std::string>()) == good.payload);
}

TEST_CASE("Store exports names that no file system or JSON takes as they are", "[store]") {
  StoreFixture fixture;
  Store store(fixture.path, fixture.options());
  StoredResult odd = sample_result("odd", "../../sim 1");
  odd.description = "layer \xff\"\n";
  REQUIRE(store.put(odd));
  store.export_to(fixture.folder.path() / "out");
  const auto index = nlohmann::json::parse(read_file(fixture.folder.path() / "out/index.json"));
  const std::string file = index[0]["file"];
  CHECK(file == "spice-" + odd.key + "-.._.._sim_1.bin");
  CHECK(read_file(fixture.folder.path() / "out" / file) == odd.payload);
}

TEST_CASE("format_utc writes ISO 8601", "[store]") {
  CHECK(format_utc(0) == "1970-01-01T00:00:00Z");
  CHECK(format_utc(951'782'400 + 3661) == "2000-02-29T01:01:01Z");  // leap day of 2000
}
