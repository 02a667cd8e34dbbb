// Characterized circuits, and what they cost a network.
#include "report/periphery_report.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "report/sections.hpp"

using namespace memspice;
using namespace memspice::report;
using Catch::Matchers::Contains;
using Json = nlohmann::json;

namespace {

periphery::PeripheryModel measured_relu() {
  periphery::PeripheryModel model;
  model.name = "relu";
  model.circuit = "relu";
  model.devices = {.resistors = 2, .diodes = 1, .op_amps = 1};
  model.inputs = model.outputs = 1;
  model.full_scale = 0.5;
  model.error = {.max = 0.012, .rms = 0.0034, .stimuli = 65};
  model.settling_time = 1.25e-7;
  model.energy = 3.5e-12;
  model.ngspice_seconds = 0.5;
  model.engine_version = "ngspice-39";
  model.curve_in = Eigen::Vector3d(-0.5, 0.0, 0.5);
  model.curve_out = Eigen::Vector3d(0.0, 0.001, 0.499);
  return model;
}

NetworkPeripheryReport sample_periphery() {
  NetworkPeripheryReport report{.base_name = "calibrated", .base = 0.91, .no_converters = 0.915};
  report.all = 0.9;
  report.parts = {{.part = "readout",
                   .layers = 5,
                   .circuits = 3,
                   .error = 0.004,
                   .alone = 0.908,
                   .together = 0.908},
                  {.part = "relu",
                   .layers = 4,
                   .circuits = 1,
                   .error = 0.012,
                   .alone = 0.905,
                   .together = 0.9}};
  report.circuits = {{.layer = "conv1",
                      .circuit = "relu",
                      .size = "",
                      .error_max = 0.012,
                      .error_rms = 0.003,
                      .settling = 1e-7,
                      .energy = 2e-12,
                      .uses = 1000},
                     {.layer = "fc1",
                      .circuit = "readout",
                      .size = "64 lines",
                      .error_max = 0.004,
                      .error_rms = 0.001,
                      .curve_error = 2e-4,
                      .settling = 2e-7,
                      .energy = 1e-12}};
  report.exact = {"softmax, which decides nothing"};
  return report;
}

}  // namespace

TEST_CASE("a circuit's row tells devices, errors, settling and energy", "[report][periphery]") {
  auto stored = measured_relu();
  stored.name = "relu again";
  stored.size = "window 4";
  stored.ngspice_seconds = 0.0;
  const std::vector<periphery::PeripheryModel> models{measured_relu(), stored};
  const std::string text = periphery_to_terminal(models);
  CHECK_THAT(text,
             Contains("1.2 %") && Contains("0.34 %") && Contains("125 ns") && Contains("3.5 pJ") &&
                 Contains("0.50 s"));
  CHECK_THAT(text, Contains("1 A") && Contains("1 D") && Contains("2 R"));
  CHECK_THAT(text, Contains("window 4") && Contains("stored"));
}

TEST_CASE("a circuit's JSON holds its curve, or null", "[report][periphery]") {
  auto sums = measured_relu();
  sums.name = "sum";
  sums.curve_in.resize(0);
  sums.curve_out.resize(0);
  const std::vector<periphery::PeripheryModel> models{measured_relu(), sums};
  const Json json = Json::parse(periphery_to_json(models));
  REQUIRE(json["circuits"].size() == 2);
  const Json& relu = json["circuits"][0];
  CHECK(relu["max_error"] == 0.012);
  CHECK(relu["settling_second"] == 1.25e-7);
  CHECK(relu["devices"]["diodes"] == 1);
  CHECK(relu["curve"]["out"] == Json({0.0, 0.001, 0.499}));
  CHECK(json["circuits"][1]["curve"].is_null());
}

TEST_CASE("each part of the periphery is told alone and with those before it",
          "[report][periphery]") {
  const Sections sections = sections_of(sample_periphery());
  REQUIRE(sections.size() == 1);
  const Table& parts = sections[0].tables.at(0).table;
  REQUIRE(parts.rows.size() == 4);  // base, two parts, ideal converters
  CHECK(parts.rows[0][0] == "calibrated");
  CHECK(parts.rows[1][4] == "90.80 %");
  CHECK(parts.rows[1][5] == "-0.20");
  CHECK(parts.rows[2][0] == "+ relu");
  CHECK(parts.rows[2][3] == "1.2 %");
  CHECK(parts.rows[2][7] == "-1.00");
  CHECK(parts.rows[3][5] == "+0.50");
  for (const auto& row : parts.rows) CHECK(row.size() == parts.titles.size());
}

TEST_CASE("circuits are told with the energy of their settlings", "[report][periphery]") {
  const Section section = sections_of(sample_periphery())[0];
  const Table& circuits = section.tables.at(1).table;
  REQUIRE(circuits.rows.size() == 2);
  CHECK(circuits.rows[0][2] == "-");  // the circuit has no size
  CHECK(circuits.rows[0][5] == "-");  // every input is a point of its curve
  CHECK(circuits.rows[1][5] == "0.02 %");
  // 1,000 settlings of 2 pJ; the readout's are the cost model's.
  CHECK_THAT(section.remarks.at(0), Contains("2 nJ per image"));
  CHECK(section.remarks.back() == "Ideal: softmax, which decides nothing.");
  const Json json = *section.json;
  CHECK(json["function_energy_joule"] == Approx(2e-9));
  CHECK(json["parts"][1]["part"] == "relu");
  CHECK(json["circuits"][0]["curve_error"].is_null());
  CHECK(json["array"].is_null());
}

TEST_CASE("a stepped array is told with its estimate", "[report][periphery]") {
  NetworkPeripheryReport report = sample_periphery();
  report.array = ArrayStep{.tile = "fc1:0:0",
                           .word_lines = 64,
                           .bit_lines = 32,
                           .settling = 4e-9,
                           .estimate = 3e-9,
                           .energy = 5e-13};
  const Section section = sections_of(report)[0];
  CHECK_THAT(section.remarks.at(1),
             Contains("fc1:0:0, 64 x 32") && Contains("4 ns") && Contains("Elmore estimate 3 ns") &&
                 Contains("500 fJ"));
  CHECK((*section.json)["array"]["elmore_second"] == 3e-9);
  CHECK((*section.json)["array"]["residual"].is_null());
  report.array->residual = 2e-9;
  const Section held = sections_of(report)[0];
  CHECK_THAT(held.remarks.at(1), Contains("ngspice leaves 2e-09 of the largest output"));
  CHECK((*held.json)["array"]["residual"] == 2e-9);
}
