// memspice export --what layer:LAYER and network.

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/csv.hpp"
#include "base/files.hpp"
#include "base/hash.hpp"
#include "program_run.hpp"

using namespace memspice;
using Catch::Matchers::Contains;
using cli::run_memspice;
using Json = nlohmann::json;

namespace {

cli::ProgramRun export_from_lenet5(const std::string& what,
                                   const std::filesystem::path& folder,
                                   std::vector<std::string> more = {}) {
  std::vector<std::string> arguments{"export",
                                     MEMSPICE_ROOT_DIR "/flows/lenet5_fashion.toml",
                                     "--what",
                                     what,
                                     "--out",
                                     folder.string()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_memspice(arguments);
}

}  // namespace

TEST_CASE("export writes a layer with what its crossbars are programmed to", "[cli][export]") {
  const TemporaryFolder folder;
  const auto run = export_from_lenet5("layer:conv1", folder.path(), {"--images", "2"});
  INFO(run.err);
  REQUIRE(run.code == 0);
  const Json manifest = Json::parse(read_file(folder.path() / "conv1.json"));
  CHECK(manifest["deck_sha256"] == sha256(read_file(folder.path() / "conv1.cir")));
  CHECK(manifest["devices"]["memristors"] == 2 * 26 * 6);
  CHECK(manifest["window_positions"].size() == 28 * 28);
  CHECK(manifest["sources"][0]["stimuli"] == 2 * 28 * 28);
  REQUIRE(manifest["crossbars"].size() == 1);
  const Json& crossbar = manifest["crossbars"][0];
  CHECK(crossbar["layer"] == "conv1");
  CHECK(crossbar["row_tile"] == 0);
  CHECK(crossbar["pairs_feed"] == std::vector<int>{0, 1, 2, 3, 4, 5});
  const Json& tile = manifest["tiles"][crossbar["tile"].get<std::string>()];
  CHECK(tile["bias_word_line"] == 25);
  const Eigen::MatrixXd G = read_csv(folder.path() / tile["conductance_file"].get<std::string>());
  REQUIRE(G.rows() == 26);
  REQUIRE(G.cols() == 12);
  const Json& device = manifest["device"];
  CHECK(G.minCoeff() >= device["g_min_siemens"].get<double>() * (1 - 1e-9));
  CHECK(G.maxCoeff() == Approx(device["g_max_siemens"].get<double>()));
}

TEST_CASE("export refuses layers and networks that are none", "[cli][export]") {
  const TemporaryFolder folder;
  const auto unknown = export_from_lenet5("layer:conv9", folder.path());
  CHECK(unknown.code == 2);
  CHECK_THAT(unknown.err, Contains("conv9") && Contains("did you mean"));
  const auto scheme =
      export_from_lenet5("network", folder.path(), {"--set", "mapping.scheme=subimage"});
  CHECK(scheme.code == 2);
  CHECK_THAT(scheme.err, Contains("mapping.scheme") && Contains("im2col"));
  const auto pulses = export_from_lenet5("network", folder.path(), {"--set", "array.input=pulses"});
  CHECK(pulses.code == 2);
  CHECK_THAT(pulses.err, Contains("array.input") && Contains("tile:LAYER:ROW:COL"));
}

TEST_CASE("export tells which cells its decks hold", "[cli][export]") {
  const TemporaryFolder folder;
  const std::vector<std::string> effects{"--set",
                                         "nonideality.device_to_device.sigma=0.2",
                                         "--set",
                                         "monte_carlo.samples=3",
                                         "--set",
                                         "data.calibration_limit=4"};
  const auto perfect = export_from_lenet5("tile:conv1:0:0", folder.path(), effects);
  REQUIRE(perfect.code == 0);
  CHECK_THAT(perfect.err, Contains("memspice: note: ") && Contains("--chip"));
  std::vector<std::string> chip = effects;
  chip.insert(chip.end(), {"--chip", "2"});
  const auto sample = export_from_lenet5("tile:conv1:0:0", folder.path(), chip);
  INFO(sample.err);
  REQUIRE(sample.code == 0);
  CHECK(sample.err.find("note") == std::string::npos);
  const Json manifest = Json::parse(read_file(folder.path() / "conv1_b0_r0_c0.json"));
  CHECK(manifest["cells"]["are"] == "sample");
  CHECK(manifest["cells"]["sample"] == 2);
  chip.back() = "3";
  const auto none = export_from_lenet5("tile:conv1:0:0", folder.path(), chip);
  CHECK(none.code == 2);
  CHECK_THAT(none.err, Contains("--chip") && Contains("3 samples"));
}
