#include "flow/run_flow.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "report/cost_report.hpp"

using namespace memspice;
using Json = nlohmann::json;

namespace {

flow::MapReport map_lenet(const std::vector<std::string>& overrides) {
  return flow::report_map(config::load_flow(shipped_file("flows/lenet5_fashion.toml"), overrides));
}

}  // namespace

TEST_CASE("LeNet-5 is counted and priced before any simulation", "[cost][flow]") {
  const flow::MapReport report = map_lenet({});
  REQUIRE(report.cost);
  REQUIRE(report.schemes.size() == 2);
  CHECK(report.cost->total.memristors == 2 * 61706);  // LeNet-5's weights and biases, in pairs
  CHECK(report.cost->total.crossbars == report.plan.crossbar_count());
  // Multiply-accumulates: 6 25 28^2 + 16 150 10^2 + 400 120 + 120 84 + 84 10.
  CHECK(report.cost->total.operations == 2L * (117600 + 240000 + 48000 + 10080 + 840));
  // conv1 on 64 x 64: t = 4 (window 8 x 8 = 64 word lines), 7 x 7 sub-images.
  const mapping::KernelCounts& conv1 = report.schemes[0].kernels;
  CHECK(conv1.t == 4);
  CHECK(conv1.n_sub == 49);
  CHECK(conv1.n_3d == 49 * 6);
}

TEST_CASE("the chosen scheme is what the plan holds", "[cost][flow]") {
  for (const char* scheme : {"im2col", "subimage", "full_depth"}) {
    const flow::MapReport report = map_lenet({std::string("mapping.scheme=") + scheme});
    const Json schemes = report::schemes_json(report.schemes);
    long planned = 0;
    for (const mapping::LayerSchemes& layer : report.schemes) {
      planned += report.plan.layer(layer.name).crossbar_count();
    }
    CHECK(schemes["totals"][scheme]["crossbars"] == planned);
  }
}

TEST_CASE("the JSON of costs adds up and names the keys scripts read", "[cost][report]") {
  const flow::MapReport report = map_lenet({});
  REQUIRE(report.cost);
  const Json cost = report::cost_json(*report.cost);
  double energy = 0.0, area = 0.0, static_power = 0.0;
  for (const Json& layer : cost["layers"]) {
    for (const auto& [name, part] : layer["parts"].items()) {
      energy += part["energy_joule"].get<double>();
      area += part["area_square_metre"].get<double>();
      static_power += part["power_static_watt"].get<double>();
    }
  }
  CHECK(energy == cost["energy_total_joule"].get<double>());
  CHECK(area == cost["area_square_metre"].get<double>());
  CHECK(static_power == cost["power_static_watt"].get<double>());
  const Json schemes = report::schemes_json(report.schemes);
  for (const char* key : {"t",
                          "n_sub",
                          "n_3d",
                          "n_2d",
                          "n_1d",
                          "rows_used",
                          "columns_used",
                          "overlap_overhead",
                          "schemes"}) {
    CHECK(schemes["layers"][0].contains(key));
  }
}

TEST_CASE("a scheme that does not fit is said so, not counted", "[cost][report]") {
  // 24 word lines hold no window of a 5 x 5 kernel.
  const flow::MapReport report = map_lenet({"mapping.rows=24"});
  const Json schemes = report::schemes_json(report.schemes);
  CHECK(schemes["layers"][0]["t"].is_null());
  CHECK(schemes["layers"][0]["schemes"]["subimage"].is_null());
  CHECK(schemes["totals"]["subimage"].is_null());
  CHECK(schemes["totals"]["im2col"]["crossbars"].get<long>() > 0);
  CHECK_THAT(report::scheme_text(report.schemes), Catch::Contains(" - "));
}

TEST_CASE("tables of costs end in the total", "[cost][report]") {
  const flow::MapReport report = map_lenet({});
  REQUIRE(report.cost);
  for (const report::Table& table : {report::cost_by_layer(*report.cost),
                                     report::cost_by_part(*report.cost),
                                     report::scheme_table(report.schemes)}) {
    REQUIRE_FALSE(table.rows.empty());
    CHECK(table.rows.back().front() == "all");
    for (const auto& row : table.rows) CHECK(row.size() == table.titles.size());
  }
}
