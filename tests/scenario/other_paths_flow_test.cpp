// Layers that [path] takes off crossbars are neither built, characterized, counted nor priced.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "flow/run_flow.hpp"

using namespace memspice;

namespace {

/// LeNet-5 on small tiles; conv1, conv2, fc1, fc2, fc3.
config::FlowOptions other_paths_flow(const std::filesystem::path& out, config::Overrides more) {
  config::Overrides overrides = {"data.limit=100",
                                 "data.calibration_limit=20",
                                 "mapping.rows=24",
                                 "mapping.columns=24",
                                 "characterize.tiles=1",
                                 "characterize.vectors=8",
                                 "characterize.held_out=2"};
  overrides.insert(overrides.end(), more.begin(), more.end());
  config::FlowOptions options =
      config::load_flow(shipped_file("flows/lenet5_fashion.toml"), overrides);
  options.out = out;
  return options;
}

}  // namespace

TEST_CASE("a layer on path float takes no crossbars and no ngspice", "[scenario][paths]") {
  const TemporaryFolder folder;
  const report::RunReport report = flow::run_flow(other_paths_flow(
      folder.path(), {"path.conv1=float", "path.conv2=float", "path.fc1=float", "path.fc2=float"}));
  REQUIRE(report.layers.size() == 5);
  for (std::size_t l = 0; l < 4; ++l) {
    INFO(report.layers[l].name);
    CHECK(report.layers[l].path == "float");
    CHECK(report.layers[l].tiles == 0);
    CHECK(report.layers[l].memristors == 0);
    CHECK(report.layers[l].array_energy == 0.0);
    CHECK_FALSE(report.layers[l].calibration);
  }
  CHECK(report.spice.runs == 1);            // fc3's one tile
  CHECK(report.memristors == 2 * 85 * 10);  // 84 inputs and a bias, in pairs
  CHECK(report.tiles == report.layers[4].tiles);
  CHECK(report.parameters == 85 * 10);
  REQUIRE(report.cost);
  REQUIRE(report.cost->layers.size() == 1);
  CHECK(report.cost->total.memristors == 2 * 85 * 10);
  CHECK(report.array_energy == Approx(report.layers[4].array_energy));
  const auto json = nlohmann::json::parse(read_file(folder.path() / "results.json"));
  CHECK(json["energy_total_joule"] == json["cost"]["energy_total_joule"]);
  CHECK(json["layers"][0]["energy_total_joule"].is_null());
}

TEST_CASE("map counts and prices only what runs on crossbars", "[scenario][paths]") {
  for (const char* path : {"float", "bitstream"}) {
    const flow::MapReport report = flow::report_map(
        other_paths_flow({}, {std::string("path.default=") + path, "path.fc3=crossbar"}));
    INFO(path);
    CHECK(report.plan.memristor_count() == 2 * 85 * 10);
    REQUIRE(report.cost);
    CHECK(report.cost->total.memristors == 2 * 85 * 10);
  }
}

TEST_CASE("a network with no layer on crossbars runs and has none", "[scenario][paths]") {
  const TemporaryFolder folder;
  const report::RunReport report =
      flow::run_flow(other_paths_flow(folder.path(), {"path.default=float"}));
  CHECK(report.tiles == 0);
  CHECK(report.memristors == 0);
  CHECK(report.array_energy == 0.0);
  CHECK(report.spice.runs == 0);
  const auto json = nlohmann::json::parse(read_file(folder.path() / "results.json"));
  CHECK(json["energy_total_joule"].is_null());
}
