#include "base/column_table.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"

using namespace memspice;

namespace {

const std::vector<ColumnKind> kKinds = {{"voltage", Unit::Volt, {"v"}},
                                        {"conductance", Unit::Siemens, {"g"}},
                                        {"time", Unit::Second, {"t"}},
                                        {"resistance", Unit::Ohm, {"r"}},
                                        {"device", Unit::None, {}}};

/// The value of the one row under a heading.
double read_one(const std::string& heading, const std::string& kind) {
  return ColumnTable(heading + "\n8\n", "t.csv", kKinds).at(kind)(0);
}

}  // namespace

TEST_CASE("ColumnTable knows names and units however they are set apart", "[columns]") {
  for (const char* heading :
       {"voltage_mV", "voltage_mv", "V [mV]", "Voltage (mV)", "v/mV", " v_mV "}) {
    INFO(heading);
    CHECK(read_one(heading, "voltage") == Approx(8e-3));
  }
  CHECK(read_one("conductance_us", "conductance") ==
        Approx(8e-6));  // of a conductance, not of time
  CHECK(read_one("t_us", "time") == Approx(8e-6));
  CHECK(read_one("g [µS]", "conductance") == Approx(8e-6));
  CHECK(read_one("r_kohm", "resistance") == Approx(8e3));
  CHECK(read_one("r_MOhm", "resistance") == Approx(8e6));
  CHECK(read_one("r_mOhm", "resistance") == Approx(8e-3));
  CHECK(read_one("Device", "device") == 8.0);
}

TEST_CASE("ColumnTable takes headings from a row, a comment or its caller", "[columns]") {
  const ColumnTable row("# a lab's log\r\nv_V,note\r\n\r\n1,2\r\n3,4 # later\r\n", "t.csv", kKinds);
  CHECK(row.at("voltage") == Eigen::Vector2d(1, 3));
  CHECK(row.unused() == std::vector<std::string>{"note"});
  CHECK(row.place_of(1) == "t.csv:5");
  const ColumnTable comment("# made by hand\n# v_V,t_ms\n1,2\n# v_V,g_S\n3,4\n", "t.csv", kKinds);
  CHECK(comment.at("time") == Eigen::Vector2d(2e-3, 4e-3));
  CHECK_FALSE(comment.has("conductance"));
  const ColumnTable given("1,2\n3,4\n", "t.csv", kKinds, "t_s,v_V");
  CHECK(given.at("voltage") == Eigen::Vector2d(2, 4));
}

TEST_CASE("a second row of words is no heading", "[columns]") {
  CHECK_THROWS_WITH(ColumnTable("v_V,t_s\nvolts,seconds\n1,2\n", "t.csv", kKinds),
                    Catch::Matchers::Contains("t.csv:2: column 1 \"volts\": is no number"));
}
