#include "config/plausibility.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "flow_file.hpp"

using namespace memspice;
using namespace memspice::config;
using Catch::Matchers::Contains;

namespace {

std::vector<std::string> notes_of(const Overrides& overrides) {
  return find_unusual(testing::FlowFile("").load(overrides));
}

}  // namespace

TEST_CASE("values that no crossbar has are noted with the usual range", "[config]") {
  CHECK(notes_of({}).empty());
  struct Case {
    const char *assignment, *place, *words;
  };
  for (const Case& odd : std::vector<Case>{
           {"device.g_max=20", "device.g_max: 20 S", "usual is 1 pS to 10 mS"},
           {"device.g_max=50000", "device.g_max: 50 kS", "1/R"},  // 50 kOhm, taken for S
           {"array.wire=1 MOhm", "array.wire: 1 MOhm", "usual is 1 uOhm to 10 kOhm"},
           {"array.wire_column=2e5", "array.wire_column: 200 kOhm", "Ohm"},
           {"array.driver=1e9", "array.driver: 1 GOhm", "Ohm"},
           {"array.sense=1e9", "array.sense: 1 GOhm", "Ohm"},
           {"array.read_voltage=1e-15", "array.read_voltage: 1 fV", "usual is 1 mV to 10 V"},
       }) {
    INFO(odd.assignment);
    const auto notes = notes_of({odd.assignment});
    REQUIRE(notes.size() == 1);
    CHECK_THAT(notes[0], Contains(odd.place) && Contains(odd.words));
  }
}

TEST_CASE("0 and open are not unusual, and both sides of a range are", "[config]") {
  std::vector<std::string> notes;
  note_unusual("G", 0.0, Usual::Conductance, notes);
  note_unusual("R", std::numeric_limits<double>::infinity(), Usual::Terminal, notes);
  note_unusual("V", -10.0, Usual::ReadVoltage, notes);
  note_unusual("G", 1e-2, Usual::Conductance, notes);
  CHECK(notes.empty());
  note_unusual("G", 1e-13, Usual::Conductance, notes);
  note_unusual("V", -10.1, Usual::ReadVoltage, notes);
  CHECK(notes.size() == 2);
}

TEST_CASE("wire beside wire_row or wire_column is a contradiction", "[config]") {
  for (const char* key : {"wire_row", "wire_column"}) {
    const testing::FlowFile flow("[array]\nwire = 2\n" + std::string(key) + " = 3\n");
    CHECK_THAT(flow.message(), Contains(key) && Contains("contradicts wire"));
    CHECK_THAT(testing::FlowFile("").message({"array.wire=2", "array." + std::string(key) + "=3"}),
               Contains("contradicts wire"));
    CHECK(testing::FlowFile("[array]\nwire = 2\n").message({"array." + std::string(key) + "=3"}) ==
          "accepted");
  }
  CHECK(testing::FlowFile("[array]\nwire_row = 2\nwire_column = 3\n").message() == "accepted");
}
