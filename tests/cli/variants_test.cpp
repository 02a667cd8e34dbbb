// A flow of several runs: LeNet-5 with line resistance on two sizes of tiles, one variant that is
// only counted, and one whose ngspice does not exist.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "program_run.hpp"

using namespace memspice;
using Json = nlohmann::json;

namespace {

constexpr const char* kVariants = R"(
[study]
x = "side"
columns = ["accuracy.mesh", "error.line", "crossbars", "area"]

[[variant]]
name = "side 24"
x = 24
mapping.rows = 24
mapping.columns = 24

[[variant]]
name = "side 64"
x = 64

[[variant]]
name = "side 128"
x = 128
counts_only = true
mapping.rows = 128
mapping.columns = 128
)";

constexpr const char* kFailing = R"(
[[variant]]
name = "no ngspice"
x = 65
fidelity.default = "calibrated"
spice.library = "/nowhere/libngspice.so"
)";

std::filesystem::path write_flow(const TemporaryFolder& folder, const std::string& variants) {
  const auto path = folder.path() / "sizes.toml";
  write_file(path,
             "[network]\nfile = \"" MEMSPICE_ROOT_DIR "/flows/networks/lenet5_fashion.onnx\"\n" +
                 std::string("[data]\nfolder = \"/usr/share/datasets/fashion-mnist\"\nlimit = 40\n"
                             "images = \"t10k-images-idx3-ubyte.gz\"\n"
                             "labels = \"t10k-labels-idx1-ubyte.gz\"\ncalibration_limit = 20\n"
                             "calibration_images = \"train-images-idx3-ubyte.gz\"\n"
                             "calibration_labels = \"train-labels-idx1-ubyte.gz\"\n"
                             "[fidelity]\ndefault = \"mesh\"\n") +
                 variants);
  return path;
}

}  // namespace

TEST_CASE("variants run one by one, and a failed one leaves the others whole", "[cli]") {
  const TemporaryFolder folder;
  const auto path = write_flow(folder, std::string(kVariants) + kFailing);
  const auto out = folder.path() / "out";
  const auto run =
      cli::run_memspice({"run", path.string(), "--out", out.string(), "--json", "--trust"});
  INFO(run.err);
  CHECK(run.code == 1);
  const Json found = Json::parse(run.out);
  CHECK(found == Json::parse(read_file(out / "results.json")));
  const Json& variants = found["variants"];
  REQUIRE(variants.size() == 4);
  // Longer lines lose more: the same cells on larger tiles.
  CHECK(variants[0]["metrics"]["error.line"] < variants[1]["metrics"]["error.line"]);
  CHECK(variants[0]["metrics"]["crossbars"] > variants[1]["metrics"]["crossbars"]);
  CHECK(variants[0]["metrics"]["memristors"] == variants[1]["metrics"]["memristors"]);
  CHECK(variants[0]["results"]["images"] == 40);
  CHECK_FALSE(variants[2]["metrics"].contains("accuracy.mesh"));
  CHECK(variants[2]["metrics"]["crossbars"] < variants[1]["metrics"]["crossbars"]);
  CHECK(variants[3]["failure"].get<std::string>().find("/nowhere/libngspice.so") !=
        std::string::npos);
  CHECK(run.err.find("1 of 4 variants: failed") != std::string::npos);
  for (const char* file : {"report.html", "side_24/report.html", "side_64/results.json"}) {
    CHECK(std::filesystem::exists(out / file));
  }
  CHECK_FALSE(std::filesystem::exists(out / "side_128"));
}

TEST_CASE("map and check take variants, and --variant runs one of them", "[cli]") {
  const TemporaryFolder folder;
  const auto path = write_flow(folder, kVariants).string();
  const auto map = cli::run_memspice({"map", path, "--json"});
  REQUIRE(map.code == 0);
  const Json mapped = Json::parse(map.out);
  CHECK(mapped["variants"][1]["results"]["layers"].size() == 5);
  CHECK(mapped["variants"][1]["metrics"]["crossbars"] ==
        mapped["variants"][1]["results"]["crossbars"]);
  const auto one = cli::run_memspice({"map", path, "--variant", "side 64", "--json"});
  REQUIRE(one.code == 0);
  CHECK(Json::parse(one.out) == mapped["variants"][1]["results"]);
  const auto check = cli::run_memspice({"check", path});
  CHECK(check.code == 0);
  CHECK(check.out.find("side 24: mapping: ") != std::string::npos);
  const auto simulate = cli::run_memspice({"simulate", path});
  CHECK(simulate.code == 2);
  CHECK(simulate.err.find("--variant") != std::string::npos);
}

TEST_CASE("a study without its data says what to get, before anything runs", "[cli]") {
  const TemporaryFolder folder;
  const auto out = folder.path() / "out";
  const auto run = cli::run_memspice({"run",
                                      MEMSPICE_ROOT_DIR "/flows/subimage_resnet20.toml",
                                      "--set",
                                      "data.folder=" + folder.path().string(),
                                      "--out",
                                      out.string()});
  CHECK(run.code == 2);
  CHECK(run.err.find("test_batch.bin: no such file") != std::string::npos);
  CHECK(run.err.find("https://www.cs.toronto.edu/~kriz/cifar.html") != std::string::npos);
  CHECK(run.err.find("--set data.folder=") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(out / "ratio_0_128"));
}

TEST_CASE("the sub-image flow counts what METHODS' channel-pair rule gives", "[cli]") {
  const auto map =
      cli::run_memspice({"map", MEMSPICE_ROOT_DIR "/flows/subimage_resnet20.toml", "--json"});
  REQUIRE(map.code == 0);
  const Json variants = Json::parse(map.out)["variants"];
  const auto count = [&](std::size_t k) {
    return variants[k]["metrics"]["crossbars.channel_pair"].get<double>();
  };
  // Ratio 0 at 128 x 128, t = 8 at 32 x 32 and 16 x 16, 5 where a stride of two halves the plane:
  // 768 (conv1) + 6 x 4096 + (8192 + 5 x 4096 + 128) + (8192 + 5 x 4096 + 64).
  CHECK(count(0) == 768 + 6 * 4096 + (8192 + 5 * 4096 + 128) + (8192 + 5 * 4096 + 64));
  CHECK(1.0 - count(4) / count(0) > 0.90);  // "almost 90 %"
  CHECK(1.0 - count(9) / count(5) > 0.94);  // "almost 95 %" at 256 x 256
  for (std::size_t k : {1, 2, 3, 4, 6, 7, 8, 9}) CHECK(count(k) < count(k - 1));
}
