// A network with its periphery as ngspice measured it, end to end on small tiles.

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "config/flow_options.hpp"
#include "flow/run_flow.hpp"

using namespace memspice;

namespace {

const std::string kPeripheryFlow = std::string(MEMSPICE_ROOT_DIR) + "/flows/lenet5_circuit.toml";

/// On mesh tiles of 16 x 16, so that ngspice runs the periphery and one small tile alone.
config::FlowOptions periphery_flow(const std::filesystem::path& out, config::Overrides more = {}) {
  config::Overrides overrides = {"data.limit=60",
                                 "data.calibration_limit=20",
                                 "mapping.rows=16",
                                 "mapping.columns=16",
                                 "fidelity.default=mesh",
                                 "periphery.points=21"};
  overrides.insert(overrides.end(), more.begin(), more.end());
  config::FlowOptions options = config::load_flow(kPeripheryFlow, overrides);
  options.out = out;
  return options;
}

bool says(const report::RunReport& report, const std::string& words) {
  return std::any_of(report.notes.begin(), report.notes.end(), [&](const std::string& note) {
    return note.find(words) != std::string::npos;
  });
}

}  // namespace

TEST_CASE("a run itemises its periphery, and a second one asks the store alone", "[scenario]") {
  const TemporaryFolder folder;
  const report::RunReport first = flow::run_flow(periphery_flow(folder.path()));
  REQUIRE(first.periphery);
  const report::NetworkPeripheryReport& periphery = *first.periphery;
  // LeNet-5 has no products; every other part acts on some layer.
  REQUIRE(periphery.parts.size() == 4);
  const std::map<std::string, int> layers{
      {"converters", 5}, {"readout", 5}, {"activation", 4}, {"pooling", 2}};
  for (const report::PeripheryCost& part : periphery.parts) {
    CHECK(part.layers == layers.at(part.part));
    CHECK(part.error < 0.05);
    CHECK(part.alone > periphery.base - 0.1);
  }
  CHECK(periphery.base == *first.accuracy.of("mesh"));
  CHECK(periphery.all == periphery.parts.back().together);
  CHECK(periphery.parts.front().alone == periphery.parts.front().together);

  // The array is far faster than what reads it; the cost model takes both.
  REQUIRE(periphery.array);
  CHECK(periphery.array->settling > 0.0);
  CHECK(periphery.array->settling < periphery.array->estimate);
  CHECK(periphery.array->energy > 0.0);
  REQUIRE(first.cost);
  const auto& sources = first.cost->sources;
  CHECK(std::any_of(sources.begin(), sources.end(), [](const std::string& source) {
    return source.rfind("settling: measured in ngspice", 0) == 0;
  }));

  config::FlowOptions again = periphery_flow(folder.path());
  again.jobs = 1;
  const report::RunReport second = flow::simulate_flow(again);  // the store alone
  REQUIRE(second.periphery);
  CHECK(says(second, "from the store"));
  CHECK(second.periphery->all == periphery.all);
  for (std::size_t k = 0; k < periphery.parts.size(); ++k) {
    CHECK(second.periphery->parts[k].alone == periphery.parts[k].alone);
    CHECK(second.periphery->parts[k].together == periphery.parts[k].together);
  }
  const auto json = nlohmann::json::parse(read_file(folder.path() / "results.json"));
  CHECK(json["accuracy"]["periphery"]["value"] == periphery.all.value);
  CHECK(json["periphery"]["parts"].size() == 4);
}

TEST_CASE("layers in ngspice and unknown parts are refused by name", "[scenario]") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(
      flow::run_flow(periphery_flow(folder.path(), {"fidelity.conv1=spice", "data.limit=1"})),
      Catch::Contains("conv1"));
  CHECK_THROWS_WITH(periphery_flow(folder.path(), {"periphery.in_network=\"readout, activatoin\""}),
                    Catch::Contains("activation"));
}
