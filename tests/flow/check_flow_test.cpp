// What a flow says of itself before any simulation, on files that the test writes.

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "flow/plan.hpp"
#include "flow/run_flow.hpp"
#include "flow/tiny_flow.hpp"

using namespace memspice;
using Catch::Matchers::Contains;
using memspice::testing::TinyFlow;

// Tiles of 6 x 4: conv's 9 inputs and bias in two rows, fc's 8 and bias in two, its 3 outputs in
// two columns.
constexpr int kConvTiles = 2, kFcTiles = 4;
// 2 kernels of 3 x 3 and 2 biases; 3 x 8 weights and 3 biases.
constexpr long kConvNumbers = 20, kFcNumbers = 27;

TEST_CASE("a check tells network, data, tiles, ngspice's share and what is digital",
          "[flow][check]") {
  const TinyFlow flow;
  const auto lines = flow::check_flow(flow.load({"fidelity.default=mesh"}));
  REQUIRE(lines.size() == 6);
  CHECK_THAT(lines[0], Contains("4 layers, 2 of them with weights, input 1x1x4x4"));
  CHECK_THAT(lines[1], Contains("test data: 8 images") && Contains("test"));
  CHECK_THAT(lines[2], Contains("calibration data: 8 images") && Contains("train"));
  CHECK(lines[3] ==
        "mapping: 6 tiles, " + std::to_string(2 * (kConvNumbers + kFcNumbers)) + " memristors");
  CHECK(lines[4] == "ngspice: no layer needs it");
  CHECK(lines[5] == "digital: Activation Relu");
  const auto fitted = flow::check_flow(flow.load());
  CHECK_THAT(fitted[4], Contains("6 tiles x 24 vectors"));
  const auto partly = flow::check_flow(flow.load({"path.fc=float"}));
  CHECK(partly[3] == "mapping: 2 tiles, 40 memristors; layers on other paths: 1");
}

TEST_CASE("levels of the network need a network that has some", "[flow][check]") {
  const TinyFlow flow;
  CHECK_THROWS_WITH(flow::check_flow(flow.load({"device.levels=network"})),
                    Contains("device.levels") && Contains("no layer's weights"));
}

TEST_CASE("a run is opened with the layers on crossbars", "[flow][check]") {
  const TinyFlow flow;
  const config::FlowOptions options = flow.load({"path.fc=float"});
  const flow::OpenedRun run = flow::open_run(options, true);
  REQUIRE(run.mapped.plan.layers.size() == 1);
  CHECK(run.mapped.plan.layers.front().name == "conv");
  CHECK(run.inputs.test.count() == 8);
  CHECK(run.inputs.choices.empty());
  CHECK(flow::map_inputs(options, run.inputs).plan.layers.size() == 2);
  const study::Bench bench = flow::start_bench(options, run.inputs, run.mapped);
  CHECK(bench.ladder.back().name == "calibrated");
  CHECK(bench.mapped == &run.mapped);
  CHECK(bench.digital.empty());
}

TEST_CASE("a flow without a network cannot be opened", "[flow][check]") {
  config::FlowOptions options;
  options.file = "circuits.toml";
  CHECK_THROWS_WITH(flow::open_inputs(options),
                    Contains("circuits.toml") && Contains("[periphery]"));
}

TEST_CASE("gates carry no signed inputs", "[flow][check]") {
  const TinyFlow flow;
  const config::Overrides gates{
      "array.topology=1t1r", "array.source_line=separate", "array.input=pulses"};
  CHECK_NOTHROW(flow::open_run(flow.load(gates), true));
  config::Overrides centred = gates;
  centred.push_back("data.mean=0.5");
  CHECK_THROWS_WITH(flow::open_run(flow.load(centred), true),
                    Contains("array.source_line") && Contains("conv"));
  // In float, the layer has no gates.
  centred.push_back("path.conv=float");
  CHECK_NOTHROW(flow::open_run(flow.load(centred), true));
}

TEST_CASE("a map counts the layers on crossbars, without data", "[flow][check]") {
  const TinyFlow flow;
  std::filesystem::remove(flow.folder() / "test");
  const config::FlowOptions options = flow.load({"path.fc=float", "seed=9"});
  CHECK(flow::map_flow(options).tile_count() == kConvTiles + kFcTiles);
  const flow::MapReport map = flow::report_map(options);
  CHECK(map.plan.tile_count() == kConvTiles);
  CHECK(map.parameters == kConvNumbers);
  CHECK(map.schemes.size() == 1);
  CHECK_FALSE(map.kernel_first);
  CHECK(map.spice.tiles == 2);
  const report::RunReport report = flow::report_hardware(options);
  CHECK(report.flow == "flow");
  CHECK(report.network == "net.onnx");
  CHECK(report.seed == 9);
  CHECK(report.tiles == kConvTiles);
  CHECK(report.parameters == kConvNumbers);
  REQUIRE(report.layers.size() == 1);
  CHECK(report.layers.front().path == "crossbar");
  CHECK(report.layers.front().vectors_per_image == 2 * 2);
  CHECK_THROWS_WITH(flow::map_flow(flow.load({"path.fcc=float"})), Contains("\"fcc\""));
}
