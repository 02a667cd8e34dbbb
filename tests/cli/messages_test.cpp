// What commands say besides their results: what is missing, what was written, what went wrong
// aside.
#include <catch2/catch.hpp>

#include "base/files.hpp"
#include "program_run.hpp"

using namespace memspice;
using Catch::Matchers::Contains;
using cli::run_memspice;

namespace {

/// LeNet-5 on 16 x 16 tiles, one a layer: ngspice takes tens of milliseconds for each.
class SmallFlow {
 public:
  SmallFlow() {
    write_file(file(),
               "[network]\nfile = \"" MEMSPICE_ROOT_DIR "/flows/networks/lenet5_fashion.onnx\"\n" +
                   std::string("[data]\nfolder = \"/usr/share/datasets/fashion-mnist\"\n"
                               "limit = 20\nimages = \"t10k-images-idx3-ubyte.gz\"\n"
                               "labels = \"t10k-labels-idx1-ubyte.gz\"\ncalibration_limit = 10\n"
                               "calibration_images = \"train-images-idx3-ubyte.gz\"\n"
                               "calibration_labels = \"train-labels-idx1-ubyte.gz\"\n"
                               "[mapping]\nrows = 16\ncolumns = 16\n"
                               "[characterize]\ntiles = 1\nvectors = 8\nheld_out = 1\n"));
  }
  cli::ProgramRun run(const std::string& command, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {command, file().string(), "--out", out().string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_memspice(arguments);
  }
  std::filesystem::path file() const { return folder_.path() / "small.toml"; }
  std::filesystem::path out() const { return folder_.path() / "out"; }

 private:
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("simulate without stored models says what to run, and that nothing failed", "[cli]") {
  const SmallFlow flow;
  const auto run = flow.run("simulate");
  INFO(run.err);
  CHECK(run.code == 2);
  CHECK_THAT(run.err, Contains((flow.out() / "tiles.sqlite").string()));
  CHECK_THAT(run.err, Contains("5 of 5 characterized tiles: are not stored"));
  CHECK_THAT(run.err, Contains("memspice characterize " + flow.file().string()));
  CHECK_THAT(run.err, !Contains("failed") && !Contains("doctor"));
}

TEST_CASE("characterize writes the page and says what it wrote", "[cli]") {
  const SmallFlow flow;
  const auto first = flow.run("characterize");
  INFO(first.err);
  REQUIRE(first.code == 0);
  for (const char* file : {"report.html", "characterization.json", "tiles.sqlite"}) {
    CHECK_THAT(first.out, Contains((flow.out() / file).string()));
    CHECK(std::filesystem::exists(flow.out() / file));
  }
  CHECK_THAT(read_file(flow.out() / "report.html"), Contains("held out") || Contains("held-out"));
  CHECK(flow.run("simulate").code == 0);
  // A run's page is not replaced by one without accuracies.
  const std::string page = read_file(flow.out() / "report.html");
  const auto second = flow.run("characterize");
  REQUIRE(second.code == 0);
  CHECK_THAT(second.out, Contains((flow.out() / "characterization.html").string()));
  CHECK(read_file(flow.out() / "report.html") == page);
}

TEST_CASE("--quiet keeps warnings about the store", "[cli]") {
  const SmallFlow flow;
  const auto store = flow.file().parent_path() / "notes.txt";
  write_file(store, "no store at all");
  const auto run = flow.run(
      "run",
      {"--quiet", "--set", "store.path=" + store.string(), "--set", "fidelity.default=mesh"});
  CHECK(run.code == 0);
  CHECK(run.out.empty());
  CHECK_THAT(run.err, Contains("memspice: warning: " + store.string()));
  CHECK(read_file(store) == "no store at all");
}

TEST_CASE("a shipped flow is found by its name wherever memspice is installed", "[cli]") {
  const TemporaryFolder share;
  write_file(share.path() / "flows" / "my_recipe.toml", "seed = \"no number\"\n");
  const std::map<std::string, std::string> installed = {{"MEMSPICE_SHARE", share.path().string()}};
  const std::string found = (share.path() / "flows" / "my_recipe.toml").string() + ":1:";
  for (const char* name : {"my_recipe", "my_recipe.toml", "flows/my_recipe.toml"}) {
    const auto run = run_memspice({"check", name}, installed);
    CHECK(run.code == 2);
    CHECK_THAT(run.err, Contains(found));
  }
  const auto unknown = run_memspice({"check", "my_recip"}, installed);
  CHECK(unknown.code == 2);
  CHECK_THAT(unknown.err,
             Contains("my_recip: no such file") && Contains((share.path() / "flows").string()) &&
                 Contains("did you mean \"my_recipe\"?"));
  // A path elsewhere means that path alone.
  CHECK_THAT(run_memspice({"check", "elsewhere/my_recipe.toml"}, installed).err,
             Contains("elsewhere/my_recipe.toml: no such file"));
  CHECK_THAT(run_memspice({"run", "--help"}, installed).out,
             Contains((share.path() / "flows").string()));
}

TEST_CASE("check and map forecast what ngspice will take, and what the store has", "[cli]") {
  const SmallFlow flow;
  const auto before = flow.run("check");
  INFO(before.err);
  REQUIRE(before.code == 0);
  CHECK_THAT(before.out,
             Contains("ngspice: 5 tiles x 9 vectors to characterize; they take about "));
  CHECK_THAT(run_memspice({"map", flow.file().string()}).out, Contains("ngspice: 5 tiles x 9"));
  REQUIRE(flow.run("characterize").code == 0);
  CHECK_THAT(flow.run("check").out, Contains("5 of them in the store: nothing to run"));
  CHECK_THAT(flow.run("check", {"--set", "characterize.tiles=2"}).out,
             Contains("ngspice: 10 tiles x 9 vectors to characterize, ") &&
                 Contains(" of them in the store; "));
  CHECK_THAT(flow.run("check", {"--set", "fidelity.default=mesh"}).out,
             Contains("ngspice: no layer needs it"));
}
