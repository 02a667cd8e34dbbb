// Results of one run are never replaced by another's without a word.
#include "cli/result_folder.hpp"

#include <catch2/catch.hpp>

#include "base/files.hpp"

using namespace memspice;
using namespace memspice::cli;
namespace fs = std::filesystem;

namespace {

CommonOptions with(std::vector<std::string> overrides, const std::string& seed = "") {
  CommonOptions common;
  common.overrides = std::move(overrides);
  common.seed = seed;
  return common;
}

fs::path folder_of(std::vector<std::string> overrides) {
  return default_folder("flows/lenet5.toml", with(std::move(overrides)));
}

}  // namespace

TEST_CASE("each set of overrides has a folder of its own, readable", "[cli][folder]") {
  CHECK(folder_of({}) == "results/lenet5");
  CHECK(folder_of({"array.wire=\"5 Ohm\""}) == "results/lenet5+array.wire=5_Ohm");
  const fs::path both = "results/lenet5+array.wire=5+data.limit=100";
  CHECK(folder_of({"data.limit=100", "array.wire=5"}) == both);
  CHECK(folder_of({"array.wire=5", "data.limit=9", "data.limit=100"}) == both);
  CHECK(default_folder("flows/lenet5.toml", with({}, "7")) == "results/lenet5+seed=7");
  CHECK(folder_of({"seed=7"}) == "results/lenet5+seed=7");
}

TEST_CASE("names that leave something out differ by a hash", "[cli][folder]") {
  const fs::path a = folder_of({"data.folder=/a/cifar"});
  const fs::path b = folder_of({"data.folder=/b/cifar"});
  CHECK(a != b);
  CHECK(a.parent_path() == "results");
  CHECK(a.string().starts_with("results/lenet5+data.folder=cifar-"));
  CHECK(folder_of({"network.file=../../../etc"}).parent_path() == "results");
  const fs::path longer = folder_of({"a.b=" + std::string(300, 'x')});
  CHECK(longer.filename().string().size() < 200);
  CHECK(longer != folder_of({"a.b=" + std::string(301, 'x')}));
}

TEST_CASE("the identity of a run is its flow, overrides, seed and variant", "[cli][folder]") {
  const TemporaryFolder folder;
  const fs::path flow = folder.path() / "flow.toml";
  write_file(flow, "seed = 1\n");
  const std::string plain = run_identity(flow, with({}));
  CHECK(run_identity(flow, with({})) == plain);
  CHECK(run_identity(flow, with({"a.b=1"})) != plain);
  CHECK(run_identity(flow, with({}, "2")) != plain);
  CHECK(run_identity(flow, with({"a.b=1", "c.d=2"})) ==
        run_identity(flow, with({"c.d=2", "a.b=1"})));
  write_file(flow, "seed = 2\n");
  CHECK(run_identity(flow, with({})) != plain);
}

TEST_CASE("another run's results are moved aside, the same run's replaced", "[cli][folder]") {
  const TemporaryFolder out;
  {
    ResultFolder first(out.path(), "one", with({}));
    write_file(out.path() / "results.json", "first");
    first.keep();
    CHECK(first.notice().empty());
  }
  ResultFolder(out.path(), "one", with({})).keep();
  CHECK(read_file(out.path() / "results.json") == "first");
  CHECK_FALSE(fs::exists(out.path() / "earlier-1"));
  write_file(out.path() / "notes.txt", "mine");
  write_file(out.path() / "tiles.sqlite", "store");
  {
    ResultFolder second(out.path(), "two", with({"a.b=1"}));
    write_file(out.path() / "results.json", "second");
    second.keep();
    CHECK(second.notice().find("earlier-1") != std::string::npos);
  }
  CHECK(read_file(out.path() / "results.json") == "second");
  CHECK(read_file(out.path() / "earlier-1" / "results.json") == "first");
  CHECK(fs::exists(out.path() / "notes.txt"));
  CHECK(fs::exists(out.path() / "tiles.sqlite"));
}

TEST_CASE("a run that fails gives the earlier results back", "[cli][folder]") {
  const TemporaryFolder out;
  write_file(out.path() / "results.json", "first");
  write_file(out.path() / "report.html", "page");
  { const ResultFolder failing(out.path(), "two", with({})); }
  CHECK(read_file(out.path() / "results.json") == "first");
  CHECK(read_file(out.path() / "report.html") == "page");
  CHECK_FALSE(fs::exists(out.path() / "earlier-1"));
}

TEST_CASE("a study's variants move with it, and no path leaves the folder", "[cli][folder]") {
  const TemporaryFolder out;
  write_file(out.path() / "out" / "results.json",
             R"({"variants": [{"folder": "half"}, {"folder": "../secret"}, {"folder": ".."}]})");
  write_file(out.path() / "out" / "half" / "report.html", "half");
  write_file(out.path() / "secret", "stays");
  ResultFolder(out.path() / "out", "two", with({})).keep();
  CHECK(read_file(out.path() / "out" / "earlier-1" / "half" / "report.html") == "half");
  CHECK(read_file(out.path() / "secret") == "stays");
}
