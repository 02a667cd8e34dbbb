// The main job end to end, on a part of the test images and with small tiles so that it stays
// quick: LeNet-5 from flows/, ngspice in worker processes, every fidelity.
#include <catch2/catch.hpp>
#include <fstream>

#include "base/error.hpp"
#include "base/files.hpp"
#include "config/flow_options.hpp"
#include "flow/run_flow.hpp"

using namespace memspice;

namespace {

const std::string kFlow = std::string(MEMSPICE_ROOT_DIR) + "/flows/lenet5_fashion.toml";

/// 24 x 24 tiles: an operating point takes ngspice some tens of milliseconds.
config::FlowOptions small_flow(const std::filesystem::path& out, config::Overrides more = {}) {
  config::Overrides overrides = {"data.limit=300",
                                 "data.calibration_limit=60",
                                 "mapping.rows=24",
                                 "mapping.columns=24",
                                 "characterize.tiles=2",
                                 "characterize.vectors=8",
                                 "characterize.held_out=4"};
  overrides.insert(overrides.end(), more.begin(), more.end());
  config::FlowOptions options = config::load_flow(kFlow, overrides);
  options.out = out;
  return options;
}

std::string read(const std::filesystem::path& path) {
  return read_file(path);
}

}  // namespace

TEST_CASE("a run reports every fidelity, and its calibration holds where it was not fitted",
          "[scenario]") {
  const TemporaryFolder folder;
  const report::RunReport report = flow::run_flow(small_flow(folder.path()));
  REQUIRE(report.accuracy.of("float"));
  REQUIRE(report.accuracy.of("ideal"));
  REQUIRE(report.accuracy.of("mesh"));
  REQUIRE(report.accuracy.of("calibrated"));
  CHECK(*report.accuracy.of("float") >
        0.85);  // 300 images: a standard error of 1.6 points below 0.918
  CHECK(*report.accuracy.of("calibrated") > 0.8);
  CHECK(report.spice.failed == 0);
  CHECK(report.spice.runs == 10);  // five layers, two tiles each
  REQUIRE(report.calibration);
  CHECK(report.calibration->held_out.of("calibrated").nrmse < 0.005);
  CHECK(report.calibration->held_out.of("mesh").nrmse >
        report.calibration->held_out.of("calibrated").nrmse);
  CHECK(report.array_energy > 0.0);
  for (const char* name : {"results.json", "report.html", "characterization.json"}) {
    CHECK(std::filesystem::exists(folder.path() / name));
  }
}

TEST_CASE("one job and two give the same predictions, currents and energy", "[scenario]") {
  const TemporaryFolder one, two;
  config::FlowOptions options = small_flow(one.path());
  options.jobs = 1;
  const report::RunReport a = flow::run_flow(options);
  options.out = two.path();
  options.jobs = 2;
  const report::RunReport b = flow::run_flow(options);
  CHECK(*a.accuracy.of("ideal") == *b.accuracy.of("ideal"));
  CHECK(*a.accuracy.of("mesh") == *b.accuracy.of("mesh"));
  CHECK(*a.accuracy.of("calibrated") == *b.accuracy.of("calibrated"));
  CHECK(a.array_energy == b.array_energy);
  CHECK(a.calibration->held_out.of("calibrated").nrmse ==
        b.calibration->held_out.of("calibrated").nrmse);
}

TEST_CASE("a second run takes every characterization from the store and says so", "[scenario]") {
  const TemporaryFolder folder;
  const report::RunReport first = flow::run_flow(small_flow(folder.path()));
  const report::RunReport second = flow::run_flow(small_flow(folder.path()));
  CHECK(second.calibration->held_out.of("calibrated").nrmse ==
        first.calibration->held_out.of("calibrated").nrmse);
  const auto says_so = [](const std::string& note) {
    return note.find("from the store") != std::string::npos &&
           note.find(" 0 were run") != std::string::npos;
  };
  CHECK(std::any_of(second.notes.begin(), second.notes.end(), says_so));
  CHECK(std::none_of(first.notes.begin(), first.notes.end(), says_so));
}

TEST_CASE("simulate needs a characterization, and uses it", "[scenario]") {
  const TemporaryFolder folder;
  const config::FlowOptions options = small_flow(folder.path());
  CHECK_THROWS_WITH(flow::simulate_flow(options), Catch::Contains("memspice characterize"));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "results.json"));
  flow::characterize_flow(options);
  CHECK(flow::simulate_flow(options).accuracy.of("calibrated"));
}

TEST_CASE("without wires, levels and converters the crossbars are the network", "[scenario]") {
  const TemporaryFolder folder;
  const report::RunReport report = flow::run_flow(small_flow(folder.path(),
                                                             {"fidelity.default=mesh",
                                                              "array.wire=0",
                                                              "array.driver=0",
                                                              "array.sense=0",
                                                              "device.levels=0",
                                                              "converters.dac_bits=0",
                                                              "converters.adc_bits=0"}));
  // The same arithmetic in another order: at most one of 300 images may sit on a tie.
  CHECK(std::abs(*report.accuracy.of("ideal") - *report.accuracy.of("float")) <= 1.0 / 300.0);
  CHECK(std::abs(*report.accuracy.of("mesh") - *report.accuracy.of("float")) <= 1.0 / 300.0);
  CHECK(report.spice.runs == 0);
}

TEST_CASE("more wire resistance costs accuracy", "[scenario]") {
  const TemporaryFolder folder;
  const auto mesh_accuracy = [&](const std::string& wire) {
    return *flow::run_flow(small_flow(folder.path(),
                                      {"fidelity.default=mesh",
                                       "mapping.rows=64",
                                       "mapping.columns=64",
                                       "array.wire=" + wire}))
                .accuracy.of("mesh");
  };
  CHECK(mesh_accuracy("100") < mesh_accuracy("1") - 0.1);
}

TEST_CASE("layer names under [fidelity] are checked against the network", "[scenario]") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(flow::check_flow(small_flow(folder.path(), {"fidelity.conv3=mesh"})),
                    Catch::Contains("conv3") && Catch::Contains("conv"));
}

TEST_CASE("a damaged network file leaves no results behind", "[scenario]") {
  const TemporaryFolder folder;
  config::FlowOptions options = small_flow(folder.path() / "out");
  const std::string whole = read(options.network_file);
  options.network_file = folder.path() / "truncated.onnx";
  write_file(options.network_file, whole.substr(0, whole.size() / 2));
  CHECK_THROWS_AS(flow::run_flow(options), InputError);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "out" / "results.json"));
}
