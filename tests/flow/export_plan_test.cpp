// Which cells an export takes, and what its manifests say of arrays: without data or ngspice.

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "flow/export_cells.hpp"
#include "flow/export_manifest.hpp"
#include "flow/small_plan.hpp"

using namespace memspice;
using Catch::Matchers::Contains;
using flow::ExportedCells;
using flow::ExportPlan;
using simulate::Fidelity;

namespace {

ExportPlan spread_plan() {
  ExportPlan plan{};
  plan.cells.rung = {.name = "mesh", .fidelity = Fidelity::Mesh};
  plan.cells.variability.effects.device_to_device.sigma = 0.3;
  plan.cells.variability.monte_carlo.samples = 3;
  return plan;
}

const Eigen::MatrixXd& first_cells(const ExportedCells& cells) {
  return cells.plan.layer("fc1").blocks.front().tiles.front().G;
}

}  // namespace

TEST_CASE("cells are the mapped ones unless others are asked for", "[flow][export]") {
  const mapping::TilePlan mapped = testing::small_plan();
  const ExportedCells plain = flow::choose_cells(ExportPlan{}, mapped, "", {});
  CHECK(plain.are == "perfect");
  CHECK(plain.notes.empty());
  CHECK(first_cells(plain) == mapped.layer("fc1").blocks.front().tiles.front().G);
  ExportPlan plan = spread_plan();
  plan.cells.programming.is_on = true;
  const ExportedCells told = flow::choose_cells(plan, mapped, "", {});
  CHECK(first_cells(told) == first_cells(plain));
  REQUIRE(told.notes.size() == 2);
  CHECK_THAT(told.notes.front(), Contains("--chip"));
  CHECK_THAT(told.notes.back(), Contains("--programmed"));
}

TEST_CASE("a chip's cells are that sample's, whatever is exported", "[flow][export]") {
  const mapping::TilePlan mapped = testing::small_plan();
  const ExportPlan plan = spread_plan();
  const ExportedCells first = flow::choose_cells(plan, mapped, "fc1", {.chip = 0});
  CHECK(first.are == "sample");
  CHECK(first.sample == 0);
  CHECK(first_cells(first) == first_cells(flow::choose_cells(plan, mapped, "", {.chip = 0})));
  CHECK(first_cells(first) != first_cells(flow::choose_cells(plan, mapped, "", {.chip = 1})));
  CHECK(first_cells(first) != first_cells(flow::choose_cells(plan, mapped, "", {})));
  const auto json = flow::cells_json(plan.cells, first);
  CHECK(json["are"] == "sample");
  CHECK(json["sample"] == 0);
  CHECK(json["vary"] == "chips");
  CHECK_FALSE(
      flow::cells_json(plan.cells, flow::choose_cells(plan, mapped, "", {})).contains("sample"));
}

TEST_CASE("a chip is taken at one of the times that a run looks at", "[flow][export]") {
  const mapping::TilePlan mapped = testing::small_plan();
  ExportPlan plan = spread_plan();
  plan.cells.variability.effects.drift = {.nu = 0.1, .t0 = 1.0, .times = {10.0, 1e3}};
  CHECK(flow::choose_cells(plan, mapped, "", {.chip = 0}).time == 1.0);
  CHECK(flow::choose_cells(plan, mapped, "", {.chip = 0, .time = 1e3}).time == 1e3);
  CHECK_THROWS_WITH(flow::choose_cells(plan, mapped, "", {.chip = 0, .time = 7.0}),
                    Contains("--time") && Contains("1, 10, 1000 s"));
}

TEST_CASE("cells that there are not are refused", "[flow][export]") {
  const mapping::TilePlan mapped = testing::small_plan();
  const auto refused = [&](const ExportPlan& plan, const flow::ExportRequest& request) {
    try {
      flow::choose_cells(plan, mapped, "", request);
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  CHECK_THAT(refused(spread_plan(), {.chip = 3}), Contains("--chip") && Contains("3 samples"));
  CHECK_THAT(refused(ExportPlan{}, {.chip = 0}), Contains("[nonideality]"));
  CHECK_THAT(refused(spread_plan(), {.time = 1.0}), Contains("--time"));
  CHECK_THAT(refused(spread_plan(), {.chip = 0, .programmed = true}), Contains("--programmed"));
  CHECK_THAT(refused(spread_plan(), {.programmed = true}), Contains("[programming]"));
}

TEST_CASE("a layer off crossbars has no array to export", "[flow][export]") {
  flow::CellSources sources;
  sources.rung = {
      .name = "flow", .fidelity = Fidelity::Mesh, .own_layers = {{"fc2", Fidelity::Float}}};
  CHECK_NOTHROW(flow::require_on_crossbars(sources, "fc1"));
  CHECK_THROWS_WITH(flow::require_on_crossbars(sources, "fc2"), Contains("fidelity.fc2"));
  sources.paths.layers["fc1"] = study::LayerPath::Spectral;
  CHECK_THROWS_WITH(flow::require_on_crossbars(sources, "fc1"),
                    Contains("path.fc1") && Contains("\"spectral\""));
  sources = {};
  sources.rung = {.name = "float", .fidelity = Fidelity::Float};
  CHECK_THROWS_WITH(flow::require_on_crossbars(sources, "fc1"), Contains("fidelity.default"));
}

TEST_CASE("a manifest says what cells and lines are", "[flow][export]") {
  config::DeviceOptions device;
  device.window = {.g_min = 2e-6, .g_max = 50e-6, .levels = 16};
  device.alpha = 2.0;
  const auto bare = flow::device_json(device, {});
  CHECK(bare["model"] == "static_read");
  CHECK(bare["g_max_siemens"] == 50e-6);
  CHECK(bare["alpha_per_volt"] == 2.0);
  CHECK(bare["access"].is_null());
  const auto gated = flow::device_json(device, device::AccessTransistor{.threshold = 0.4});
  CHECK(gated["access"]["kind"] == "transistor");
  CHECK(gated["access"]["threshold_volt"] == 0.4);
  const auto lines = flow::array_json(
      tile::Array({.read_voltage = 0.3, .pairs = crossbar::PairLayout::SharedBitLine}), "1r");
  CHECK(lines["topology"] == "1r");
  CHECK(lines["pairs"] == "shared_bit_line");
  CHECK(lines["source_line"] == "shared");
  CHECK(lines["input"] == "amplitude");
  CHECK(lines["read_volt"] == 0.3);
}

TEST_CASE("a manifest counts a tile's lines as they lie", "[flow][export]") {
  const mapping::TilePlan mapped = testing::small_plan();
  const mapping::Tile& tile = mapped.layer("fc1").blocks.front().tiles.front();
  const auto neighbours = flow::tile_json(tile::Array{}, tile);
  CHECK(neighbours["word_lines"] == 7);
  CHECK(neighbours["bit_lines"] == 10);
  CHECK(neighbours["bias_word_line"] == 6);
  CHECK(neighbours["memristor_file"].is_null());
  // Both signs of an input on word lines of their own, and a bit line an output.
  const tile::Array shared({.pairs = crossbar::PairLayout::SharedBitLine});
  const auto json = flow::tile_json(shared, tile);
  CHECK(json["word_lines"] == 14);
  CHECK(json["bit_lines"] == 5);
  CHECK(json["bias_word_line"] == std::vector<int>{12, 13});
}

TEST_CASE("memristors have a file of their own behind access devices", "[flow][export]") {
  const mapping::TilePlan mapped = testing::small_plan();
  const mapping::Tile& tile = mapped.layer("fc2").blocks.front().tiles.front();
  const auto bare = flow::cell_files(tile::Array{}, tile);
  REQUIRE(bare.size() == 1);
  CHECK(bare.front().first == tile.name + "_conductance.csv");
  const auto gated = flow::cell_files(tile::Array({.access = device::AccessTransistor{}}), tile);
  REQUIRE(gated.size() == 2);
  CHECK(gated.back().first == tile.name + "_memristor.csv");
  CHECK(gated.front().second == bare.front().second);
  CHECK(gated.back().second != bare.front().second);
}
