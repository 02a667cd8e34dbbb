#include <SQLiteCpp/SQLiteCpp.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "base/hash.hpp"
#include "program_run.hpp"
#include "tile/store.hpp"

using namespace memspice;
using Catch::Matchers::Contains;
using cli::run_memspice;
using Json = nlohmann::json;

namespace {

/// A store with two ngspice results and a response.
struct FilledStore {
  TemporaryFolder folder;
  std::string path = (folder.path() / "tiles.sqlite").string();

  FilledStore() {
    tile::Store store(path);
    for (const char* name : {"conv1:0:0", "fc1:0:0", "fc1:0:1"}) {
      const bool response = std::string(name) == "fc1:0:1";
      REQUIRE(store.put({.kind = response ? "response" : "spice",
                         .key = sha256(name),
                         .version = response ? "crossbar-1" : "ngspice-39",
                         .description = std::string("tile ") + name,
                         .seconds = 2.0,
                         .payload = std::string("payload of ") + name}));
    }
  }

  void damage_one() const {
    SQLite::Database database(path, SQLite::OPEN_READWRITE);
    database.exec("UPDATE result SET payload = x'00' WHERE key = '" + sha256("fc1:0:0") + "'");
  }
};

}  // namespace

TEST_CASE("store list shows what is stored", "[cli][store]") {
  const FilledStore filled;
  const auto text = run_memspice({"store", "list", filled.path});
  CHECK(text.code == 0);
  CHECK(text.err.empty());
  CHECK_THAT(text.out, Contains("tile conv1:0:0") && Contains("ngspice-39"));
  CHECK_THAT(text.out, Contains("3 results") && Contains("took 6 s"));
  const auto run = run_memspice({"store", "list", filled.folder.path().string(), "--json"});
  CHECK(run.code == 0);
  const auto listed = Json::parse(run.out);
  REQUIRE(listed["results"].size() == 3);
  CHECK(listed["results"][0]["kind"] == "response");
  CHECK(listed["results"][1]["key"] == sha256("conv1:0:0"));
  CHECK(listed["results"][1]["seconds"] == 2.0);
}

TEST_CASE("store verify ends with 1 when a result is damaged, prune mends it", "[cli][store]") {
  const FilledStore filled;
  CHECK_THAT(run_memspice({"store", "verify", filled.path}).out, Contains("3 results, all sound"));
  filled.damage_one();
  const auto damaged = run_memspice({"store", "verify", filled.path, "--json"});
  CHECK(damaged.code == 1);
  CHECK_THAT(damaged.err, Contains("1 damaged result") && Contains("--damaged"));
  const auto found = Json::parse(damaged.out);
  CHECK(found["checked"] == 3);
  REQUIRE(found["damaged"].size() == 1);
  CHECK(found["damaged"][0]["description"] == "tile fc1:0:0");
  const auto pruned = run_memspice({"store", "prune", filled.path, "--damaged", "--json"});
  CHECK(pruned.code == 0);
  CHECK(Json::parse(pruned.out)["removed"] == 1);
  CHECK(run_memspice({"store", "verify", filled.path}).code == 0);
}

TEST_CASE("store prune removes what it is told to, and nothing untold", "[cli][store]") {
  const FilledStore filled;
  for (const std::vector<std::string>& wrong : {std::vector<std::string>{},
                                                {"--all", "--kind", "spice"},
                                                {"--older-than", "-1"},
                                                {"--older-than", "soon"},
                                                {"--older-than", "nan"}}) {
    std::vector<std::string> arguments{"store", "prune", filled.path};
    arguments.insert(arguments.end(), wrong.begin(), wrong.end());
    const auto refused = run_memspice(arguments);
    CHECK(refused.code == 2);
    CHECK_THAT(refused.err, Contains("--older-than"));
  }
  const auto by = [&filled](std::vector<std::string> criterion) {
    criterion.insert(criterion.begin(), {"store", "prune", filled.path, "--json"});
    return Json::parse(run_memspice(criterion).out)["removed"].get<int>();
  };
  CHECK(by({"--older-than", "1"}) == 0);
  CHECK(by({"--kind", "response"}) == 1);
  CHECK(by({"--all"}) == 2);
}

TEST_CASE("store export writes payloads and an index", "[cli][store]") {
  const FilledStore filled;
  const auto out = filled.folder.path() / "out";
  CHECK(run_memspice({"store", "export", filled.path}).code == 2);
  const auto run = run_memspice({"store", "export", filled.path, "--out", out.string()});
  CHECK(run.code == 0);
  CHECK_THAT(run.out, Contains("3 results"));
  const auto index = Json::parse(read_file(out / "index.json"));
  REQUIRE(index.size() == 3);
  CHECK(read_file(out / index[0]["file"].get<std::string>()) == "payload of conv1:0:0");
  filled.damage_one();
  const auto partly = run_memspice({"store", "export", filled.path, "--out", out.string()});
  CHECK(partly.code == 1);
  CHECK_THAT(partly.err, Contains("1 damaged result"));
}

TEST_CASE("store refuses what is no store", "[cli][store]") {
  const TemporaryFolder folder;
  const auto missing = run_memspice({"store", "list", (folder.path() / "none").string()});
  CHECK(missing.code == 2);
  CHECK_THAT(missing.err, Contains("no such store"));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "none"));
  write_file(folder.path() / "notes", "these are notes, not a store\n");
  const auto foreign =
      run_memspice({"store", "prune", (folder.path() / "notes").string(), "--all"});
  CHECK(foreign.code == 2);
  CHECK_THAT(foreign.err, Contains("not a memspice store"));
  CHECK(read_file(folder.path() / "notes") == "these are notes, not a store\n");
  CHECK(run_memspice({"store"}).code == 2);
  CHECK(run_memspice({"store", "lost"}).code == 2);
}

TEST_CASE("store finds the store of a flow", "[cli][store]") {
  const TemporaryFolder folder;
  const auto run = run_memspice({"store",
                                 "list",
                                 MEMSPICE_ROOT_DIR "/flows/lenet5_fashion.toml",
                                 "--set",
                                 "store.path=" + (folder.path() / "here.sqlite").string()});
  CHECK(run.code == 2);
  CHECK_THAT(run.err, Contains("here.sqlite") && Contains("no such store"));
}
