// Programming through the whole job, at fidelity mesh and on a small part of the network's layers,
// so that it is quick.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "config/flow_options.hpp"
#include "flow/run_flow.hpp"

using namespace memspice;

namespace {

config::FlowOptions program_flow(const std::filesystem::path& out, config::Overrides more = {}) {
  // The large layers stay digital: 2 convolutions and the last layer are written.
  config::Overrides overrides = {"fidelity.default=mesh",
                                 "path.fc1=float",
                                 "path.fc2=float",
                                 "data.limit=100",
                                 "data.calibration_limit=40",
                                 "programming.spice_cells=0"};
  overrides.insert(overrides.end(), more.begin(), more.end());
  auto options =
      config::load_flow(std::string(MEMSPICE_ROOT_DIR) + "/flows/program_lenet5.toml", overrides);
  options.out = out;
  return options;
}

report::ProgrammingReport run_program(config::Overrides more, int jobs = 0) {
  const TemporaryFolder folder;
  config::FlowOptions options = program_flow(folder.path(), std::move(more));
  options.jobs = jobs;
  const auto report = flow::run_flow(options);
  REQUIRE(report.programming);
  return *report.programming;
}

}  // namespace

TEST_CASE("programming gives the same cells for any number of jobs", "[scenario][programming]") {
  const auto one = run_program({"programming.scheme=1t1r"}, 1);
  const auto two = run_program({"programming.scheme=1t1r"}, 2);
  CHECK(one.programmed == two.programmed);
  CHECK(one.all.pulses == two.all.pulses);
  CHECK(one.all.error_rms == two.all.error_rms);
  CHECK(one.layers.size() == 3);
  // The mapped cells of conv1, conv2 and fc3, two per weight: 26 x 6, 151 x 16, 85 x 10.
  CHECK(one.all.cells == 2 * (26 * 6 + 151 * 16 + 85 * 10));
  CHECK(one.all.failed == 0);
  CHECK(one.all.disturb_max == 0.0);
  CHECK(one.all.out == 0);
  const auto other = run_program({"programming.scheme=1t1r", "seed=2"}, 2);
  CHECK(other.all.error_rms != one.all.error_rms);
}

TEST_CASE("cells that pulses cannot move keep their first state and cost accuracy",
          "[scenario][programming]") {
  const auto idle = run_program({"programming.scheme=1t1r",
                                 "programming.start=0.1",
                                 "programming.step=0.1",
                                 "programming.limit=0.2",
                                 "programming.initial_sigma=0"});
  CHECK(idle.all.failed > idle.all.cells / 2);
  // Every pair is equal then: all outputs of the last layer are.
  CHECK(idle.programmed < idle.perfect - 0.3);
}

TEST_CASE("results.json and report.html tell what was programmed", "[scenario][programming]") {
  const TemporaryFolder folder;
  flow::run_flow(program_flow(folder.path(), {"programming.scheme=1t1r"}));
  const auto json = nlohmann::json::parse(read_file(folder.path() / "results.json"));
  const auto& programming = json["programming"];
  CHECK(programming["scheme"] == "1t1r");
  CHECK(programming["layers"].size() == 3);
  CHECK(programming["accuracy_perfect"]["value"] == json["accuracy"]["mesh"]["value"]);
  CHECK(programming["all"]["energy_joule"].get<double>() > 0.0);
  CHECK(programming["all"]["time_second"].get<double>() > 0.0);
  long cells = 0;
  for (const auto& count : programming["cells_by_pulses"]) cells += count.get<long>();
  CHECK(cells == programming["all"]["cells"].get<long>());
  CHECK(programming["spice"].is_null());
  const std::string page = read_file(folder.path() / "report.html");
  CHECK(page.find("Programming by write-verify") != std::string::npos);
  CHECK(page.find("nan") == std::string::npos);
}
