#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "program_run.hpp"
#include "support/small_flow.hpp"

using namespace memspice;
using Catch::Matchers::Contains;
using cli::run_memspice;

namespace {

/// A network of one layer and its data under the names that MNIST's have.
class Workplace {
 public:
  Workplace() {
    test::SmallNetwork network{.W = {std::vector<float>(12, 0.5F), std::vector<float>(12, -0.5F)},
                               .b = {0.0F, 0.1F}};
    write_file(net(), network.onnx());
    const std::vector<test::Pixels> images{test::Pixels(12, 10), test::Pixels(12, 200)};
    const std::vector<test::Pixels> others{test::Pixels(12, 90), test::Pixels(12, 30)};
    write_file(data() / "t10k-images-idx3-ubyte", test::idx_images(images));
    write_file(data() / "t10k-labels-idx1-ubyte", test::idx_labels({0, 1}));
    write_file(data() / "train-images-idx3-ubyte", test::idx_images(others));
    write_file(data() / "train-labels-idx1-ubyte", test::idx_labels({1, 0}));
  }
  std::filesystem::path net() const { return folder_.path() / "small.onnx"; }
  std::filesystem::path data() const { return folder_.path() / "data"; }
  std::filesystem::path flow() const { return folder_.path() / "flows" / "small.toml"; }

  cli::ProgramRun init(std::vector<std::string> more = {}) const {
    std::vector<std::string> all{
        "init", "--network", net().string(), "--data", data().string(), "--out", flow().string()};
    all.insert(all.end(), more.begin(), more.end());
    return run_memspice(all);
  }

 private:
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("init writes a flow that check accepts", "[cli]") {
  const Workplace workplace;
  const auto run = workplace.init();
  INFO(run.err);
  REQUIRE(run.code == 0);
  CHECK_THAT(run.out, Contains("memspice check"));
  const std::string flow = read_file(workplace.flow());
  CHECK_THAT(flow,
             Contains("The network takes 1x1x3x4") && Contains("kind = \"idx\"") &&
                 Contains("images = \"t10k-images-idx3-ubyte\"") && Contains("rows = 64") &&
                 Contains("# word lines of a tile") && Contains("# g_min = \"2 uS\"") &&
                 Contains("FullyConnected 2x12") && Contains("# [nonideality.drift]"));
  const auto check = run_memspice({"check", workplace.flow().string()});
  INFO(check.err);
  CHECK(check.code == 0);
}

TEST_CASE("init takes --set into the flow, optional tables as well", "[cli]") {
  const Workplace workplace;
  const auto run = workplace.init({"--set",
                                   "mapping.rows=128",
                                   "--set",
                                   "array.wire=2 Ohm",
                                   "--set",
                                   "nonideality.stuck.on=0.01",
                                   "--seed",
                                   "7"});
  INFO(run.err);
  REQUIRE(run.code == 0);
  CHECK_THAT(read_file(workplace.flow()),
             Contains("\nrows = 128") && Contains("\nwire = \"2 Ohm\"") &&
                 Contains("\n[nonideality.stuck]\n") && Contains("\non = 0.01") &&
                 Contains("\nseed = 7"));
  CHECK(run_memspice({"check", workplace.flow().string()}).code == 0);
}

TEST_CASE("init leaves a file that is there alone", "[cli]") {
  const Workplace workplace;
  write_file(workplace.flow(), "mine\n");
  const auto refused = workplace.init();
  CHECK(refused.code == 2);
  CHECK_THAT(refused.err, Contains("small.toml: is there already") && Contains("--force"));
  CHECK(read_file(workplace.flow()) == "mine\n");
  CHECK(workplace.init({"--force"}).code == 0);
  CHECK(read_file(workplace.flow()) != "mine\n");
}

TEST_CASE("init names place, value, rule and remedy of what it cannot use", "[cli]") {
  const Workplace workplace;
  const auto tells = [&](std::vector<std::string> arguments, const std::string& words) {
    arguments.insert(arguments.begin(), "init");
    arguments.insert(arguments.end(), {"--out", workplace.flow().string()});
    const auto run = run_memspice(arguments);
    CHECK(run.code == 2);
    CHECK_THAT(run.err, Contains(words));
    CHECK_FALSE(std::filesystem::exists(workplace.flow()));
  };
  const std::string net = workplace.net().string();
  tells({}, "--network is required");
  tells({"--network", "nowhere.onnx"}, "nowhere.onnx");
  tells({"--network", net, "--data", "mnist"}, "--data: \"mnist\": is neither a folder nor a kind");
  tells({"--network", net, "--data", workplace.net().parent_path().string()},
        "holds no data set of kind");
  tells({"--network", net, "--set", "mapping.rws=3"}, "did you mean \"rows\"?");
  tells({"--network", net, "--set", "mapping.rows=0"}, "--set mapping.rows: 0: must be 1 to 4096");
}

TEST_CASE("init without data says that its place is still to be given", "[cli]") {
  const Workplace workplace;
  const auto run = run_memspice({"init",
                                 "--network",
                                 workplace.net().string(),
                                 "--out",
                                 workplace.flow().string(),
                                 "--json"});
  INFO(run.err);
  REQUIRE(run.code == 0);
  CHECK(nlohmann::json::parse(run.out)["file"] == workplace.flow().string());
  CHECK_THAT(run.err, Contains("still to be given"));
  CHECK_THAT(read_file(workplace.flow()), Contains("MEMSPICE_DATA"));
}
