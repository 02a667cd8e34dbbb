// Convolutions of an ordinary network computed in the spectrum, through the flow.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "flow/run_flow.hpp"

using namespace memspice;
using Catch::Matchers::Contains;

namespace {

const std::string kSpectralFlow = std::string(MEMSPICE_ROOT_DIR) + "/flows/lenet5_fashion.toml";

config::FlowOptions spectral_flow(const std::filesystem::path& out, config::Overrides overrides) {
  overrides.insert(overrides.end(), {"data.limit=200", "data.calibration_limit=20"});
  config::FlowOptions options = config::load_flow(kSpectralFlow, overrides);
  options.out = out;
  return options;
}

}  // namespace

TEST_CASE("convolutions in the spectrum leave the network what it is", "[spectral_flow]") {
  const TemporaryFolder folder;
  const report::RunReport report =
      flow::run_flow(spectral_flow(folder.path(), {"path.default=spectral"}));
  REQUIRE(report.spectral);
  CHECK(report.spectral->largest_difference < 1e-5);  // float rounding; wrong bins give 1e-1
  CHECK(report.spectral->accuracy == *report.accuracy.of("float"));
  CHECK(report.layers[0].tiles == 0);  // no crossbars for what is in the spectrum
  const auto& layers = report.spectral->layers;
  REQUIRE(layers.size() == 5);
  CHECK(layers[0].path == "spectral");
  CHECK(layers[0].transform > 0);
  CHECK(layers[0].seconds_spectral > 0.0);
  CHECK(layers[0].seconds_spatial > 0.0);
  CHECK(layers[0].spatial.multiplications == 28 * 28 * 6 * 25);
  CHECK(layers[2].path == "float");
  CHECK(layers[2].counts.multiplications == 400 * 120);
  CHECK(layers[2].counts.additions == 399 * 120);
  double energy = 0.0;
  for (const auto& layer : layers) energy += layer.cost.energy();
  CHECK(report.spectral->total_cost.energy() == Approx(energy));
  const auto json = nlohmann::json::parse(read_file(folder.path() / "results.json"));
  CHECK(json["accuracy"]["spectral"]["value"] == report.spectral->accuracy.value);
  CHECK(json["spectral"]["layers"][0]["real_multiplications"] == layers[0].counts.multiplications);
}

TEST_CASE("the fastest path is the one that was measured to be", "[spectral_flow]") {
  const TemporaryFolder folder;
  const report::RunReport report =
      flow::run_flow(spectral_flow(folder.path(), {"path.default=float", "path.conv2=fastest"}));
  REQUIRE(report.spectral);
  const auto& conv2 = report.spectral->layers[1];
  CHECK((conv2.path == "spectral") == (conv2.seconds_spectral < conv2.seconds_spatial));
  CHECK(report.spectral->layers[0].seconds_spectral == 0.0);  // not asked for
}

TEST_CASE("crossbars and spectrum share a network", "[spectral_flow]") {
  const TemporaryFolder folder;
  const report::RunReport report = flow::run_flow(
      spectral_flow(folder.path(), {"path.conv1=spectral", "fidelity.default=ideal"}));
  REQUIRE(report.accuracy.of("ideal"));
  CHECK(*report.accuracy.of("ideal") > *report.accuracy.of("float") - 0.1);
  CHECK(report.layers[0].path == "spectral");
  CHECK(report.layers[0].memristors == 0);
  CHECK(report.layers[1].path == "crossbar");
  REQUIRE(report.spectral->layers.size() == 1);
}

TEST_CASE("a layer that cannot be in the spectrum is refused by name", "[spectral_flow]") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(flow::run_flow(spectral_flow(folder.path(), {"path.fc1=spectral"})),
                    Contains("[path] fc1") && Contains("only convolutions"));
  CHECK_THROWS_WITH(flow::check_flow(spectral_flow(folder.path(), {"path.fc1=fastest"})),
                    Contains("only convolutions"));
  CHECK_THROWS_WITH(spectral_flow(folder.path(), {"path.conv1=spectra"}), Contains("spectral"));
}
