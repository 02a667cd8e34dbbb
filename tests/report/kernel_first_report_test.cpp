#include "report/sections.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace memspice::report;

namespace {

KernelFirstReport two_layers() {
  return {.layers = {{.name = "a", .weights = 100, .kept = 40, .plane = 1000, .summers = 4},
                     {.name = "b", .weights = 300, .kept = 300, .plane = 10, .summers = 9}}};
}

}  // namespace

TEST_CASE("kernel-first totals weigh layers by their planes", "[report]") {
  const KernelFirstReport report = two_layers();
  CHECK(report.computations() == 40 * 1000 + 300 * 10);
  CHECK(report.dense() == 100 * 1000 + 300 * 10);
  CHECK(report.pruned() == 60.0 / 400.0);
  CHECK(report.saved() == Approx(60000.0 / 103000.0));
  CHECK_FALSE(report.power());
  CHECK(KernelFirstReport{}.saved() == 0.0);
}

TEST_CASE("kernel-first power is a sum, and absent unless every layer has one", "[report]") {
  KernelFirstReport report = two_layers();
  report.layers[0].power =
      PairPower{.energy = 1e-9, .energy_at_g_min = 2e-9, .power = 1e-4, .power_at_g_min = 2e-4};
  CHECK_FALSE(report.power());
  report.layers[1].power =
      PairPower{.energy = 3e-9, .energy_at_g_min = 3e-9, .power = 5e-4, .power_at_g_min = 5e-4};
  REQUIRE(report.power());
  CHECK(report.power()->energy == Approx(4e-9));
  CHECK(report.power()->power_at_g_min == Approx(7e-4));
  const auto json = kernel_first_json(report);
  CHECK(json["computations"] == 43000);
  CHECK(json["arrays"]["power_watt"] == Approx(6e-4));
  CHECK(json["layers"][0]["kept"] == 40);
  const Table table = sections_of(report).front().tables.front().table;
  CHECK(table.rows.size() == 3);
  for (const auto& row : table.rows) CHECK(row.size() == table.titles.size());
  CHECK(table.rows.back()[3] == "15.00 %");
}
