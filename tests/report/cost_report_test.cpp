// Hardware costs as tables, text and keys.
#include "report/cost_report.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace memspice;
using namespace memspice::report;
using Catch::Matchers::Contains;
using cost::Part;

namespace {

cost::PartCost& part(cost::LayerCost& layer, Part which) {
  return layer.parts[static_cast<std::size_t>(which)];
}

/// Two layers of one crossbar, arrays and ADCs; each works 1 us, an image every 1 and 2 us.
cost::NetworkCost priced_layers() {
  cost::NetworkCost network;
  for (const auto& [name, scale] : {std::pair("conv1", 1.0), std::pair("fc1", 2.0)}) {
    cost::LayerCost layer;
    layer.name = name;
    layer.crossbars = 1;
    layer.memristors = layer.cells_used = layer.cells = 2048;
    layer.operations = 1000;
    part(layer, Part::Arrays) = {.count = 1, .area = 1e-9 * scale, .energy = 1e-12 * scale};
    part(layer, Part::Adcs) = {.count = 16,
                               .area = 3e-9,
                               .static_power = 1e-3,
                               .energy = 3e-12 * scale,
                               .static_energy = 1e-12};
    layer.latency = 1e-6;
    layer.interval = 1e-6 * scale;
    network.layers.push_back(layer);
  }
  cost::LayerCost& total = network.total;
  total.name = "all";
  total.crossbars = 2;
  total.operations = 2000;
  for (const cost::LayerCost& layer : network.layers) {
    for (std::size_t p = 0; p < total.parts.size(); ++p) total.parts[p] += layer.parts[p];
    total.latency += layer.latency;
  }
  total.interval = 2e-6;
  network.sources = {"Energy of the arrays: solved from node voltages"};
  return network;
}

}  // namespace

TEST_CASE("costs are told layer by layer, the last row the total", "[report][cost]") {
  const Table table = cost_by_layer(priced_layers());
  REQUIRE(table.rows.size() == 3);
  for (const auto& row : table.rows) CHECK(row.size() == table.titles.size());
  CHECK(table.rows[0][0] == "conv1");
  CHECK(table.rows[0][3] == "16");
  CHECK(table.rows[0][5] == "0.004 mm2");
  CHECK(table.rows[0][8] == "4 pJ");
  CHECK(table.rows[0][10] == "1,000,000");
  CHECK(table.rows[2][3] == "32");
  CHECK(table.rows[2][8] == "12 pJ");     // 4 + 8
  CHECK(table.rows[2][9] == "2 us");      // one layer after the other
  CHECK(table.rows[2][10] == "500,000");  // as the slowest layer
}

TEST_CASE("costs are told circuit by circuit, those that are there", "[report][cost]") {
  const Table table = cost_by_part(priced_layers());
  REQUIRE(table.rows.size() == 3);
  CHECK(table.rows[0] == std::vector<std::string>{"arrays", "2", "0.003 mm2", "0 W", "3 pJ"});
  CHECK(table.rows[1][0] == "ADCs");
  CHECK(table.rows[1][3] == "2 mW");
  CHECK(table.rows[2][0] == "all");
  CHECK(table.rows[2][4] == "12 pJ");
}

TEST_CASE("the cost's text names what is counted and from where", "[report][cost]") {
  const std::string text = cost_text(priced_layers());
  CHECK_THAT(text, Contains("Hardware cost") && Contains("source     Energy of the arrays"));
  CHECK_THAT(text, Contains("not counted: memories, buses"));
  // 2,000 operations in 12 pJ: 1.67e14 a joule.
  CHECK_THAT(text, Contains("167 TOPS/W"));
  CHECK_THAT(cost_remark(priced_layers()), Contains("167 TOPS/W"));
}

TEST_CASE("the cost's keys are in SI, parts and totals", "[report][cost]") {
  const nlohmann::json json = cost_json(priced_layers());
  CHECK_FALSE(json.contains("name"));
  CHECK(json["energy_total_joule"] == Approx(12e-12));
  CHECK(json["energy_arrays_joule"] == Approx(3e-12));
  CHECK(json["adcs"] == 32);
  CHECK(json["layers"].size() == 2);
  CHECK(json["layers"][1]["parts"]["ADCs"]["energy_joule"] == Approx(6e-12));
  CHECK(json["layers"][1]["images_per_second"] == Approx(5e5));
  CHECK(json["sources"].size() == 1);
}

TEST_CASE("a network off crossbars has no cost to show", "[report][cost]") {
  CHECK(has_crossbars(priced_layers()));
  CHECK_FALSE(has_crossbars(std::nullopt));
  CHECK_FALSE(has_crossbars(cost::NetworkCost{}));
  CHECK(scheme_text({}).empty());
}
