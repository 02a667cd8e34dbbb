#include "base/units.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "base/random.hpp"

using namespace memspice;

namespace {

// A prefix is one multiplication: at most one rounding away from the number as written.
constexpr double kOneRounding = 2.3e-16;

double parse(const char* text, Unit unit) {
  return parse_quantity(text, unit, "here");
}

}  // namespace

TEST_CASE("parse_quantity reads every prefix", "[base]") {
  const auto near = [](double value) { return Approx(value).epsilon(kOneRounding).margin(0); };
  CHECK(parse("3 fF", Unit::Farad) == near(3e-15));
  CHECK(parse("3 pF", Unit::Farad) == near(3e-12));
  CHECK(parse("3 nA", Unit::Ampere) == near(3e-9));
  CHECK(parse("50 uS", Unit::Siemens) == near(50e-6));
  CHECK(parse("200mV", Unit::Volt) == near(0.2));
  CHECK(parse("1.5 kOhm", Unit::Ohm) == near(1500));
  CHECK(parse("2 MHz", Unit::Hertz) == near(2e6));
  CHECK(parse("2 GHz", Unit::Hertz) == near(2e9));
  CHECK(parse("1 TOhm", Unit::Ohm) == near(1e12));
}

TEST_CASE("micro may be u or either micro sign, Ohm either omega", "[base]") {
  for (const char* text : {"2 uS", "2 \u00b5S", "2 \u03bcS", "2\u00b5S"}) {
    CHECK(parse(text, Unit::Siemens) == Approx(2e-6).epsilon(kOneRounding).margin(0));
  }
  CHECK(parse("2 \u03bcm2", Unit::SquareMetre) == Approx(2e-12).epsilon(kOneRounding).margin(0));
  CHECK(parse("2 k\u2126", Unit::Ohm) == 2000.0);
  CHECK(parse("2 \u00b5\u03a9", Unit::Ohm) == Approx(2e-6).epsilon(kOneRounding).margin(0));
  for (const char* text : {"2 \u00b5", "2 \u00b5V", "2 \u00c2S", "2 \u00b5\u00b5S", "2 k\u00b5S"}) {
    CHECK_THROWS_AS(parse(text, Unit::Siemens), InputError);
  }
}

TEST_CASE("parse_quantity reads plain SI numbers and every unit", "[base]") {
  CHECK(parse("0.2", Unit::Volt) == 0.2);
  CHECK(parse("  -1e-6 ", Unit::Siemens) == -1e-6);
  CHECK(parse("7", Unit::None) == 7.0);
  CHECK(parse("3 ohm", Unit::Ohm) == 3.0);
  CHECK(parse("3 Ω", Unit::Ohm) == 3.0);
  CHECK(parse("3 1/V", Unit::PerVolt) == 3.0);
  CHECK(parse("300 K", Unit::Kelvin) == 300.0);
  CHECK(parse("1.2 eV", Unit::ElectronVolt) == 1.2);
  CHECK(parse("4 m", Unit::Metre) == 4.0);  // the unit, not the prefix
  CHECK(parse("4 mm", Unit::Metre) == Approx(4e-3).epsilon(kOneRounding));
  CHECK(parse("5 ms", Unit::Second) == Approx(5e-3).epsilon(kOneRounding));
  CHECK(parse("5 mW", Unit::Watt) == Approx(5e-3).epsilon(kOneRounding));
  CHECK(parse("5 pJ", Unit::Joule) == Approx(5e-12).epsilon(kOneRounding));
}

TEST_CASE("parse_quantity squares the prefix of an area", "[base]") {
  CHECK(parse("1 um2", Unit::SquareMetre) == Approx(1e-12).epsilon(1e-15));
  CHECK(parse("1 mm^2", Unit::SquareMetre) == Approx(1e-6).epsilon(1e-15));
  CHECK(parse("2 m2", Unit::SquareMetre) == 2.0);
}

TEST_CASE("parse_quantity refuses what is no finite number with that unit", "[base]") {
  for (const char* text : {"",
                           "V",
                           "1 S",
                           "1 mm",
                           "1 xV",
                           "1 V V",
                           "1,5 V",
                           "nan V",
                           "inf",
                           "1e400 V",
                           "0x10 V",
                           "1 V\n.control"}) {
    INFO("text: \"" << text << '"');
    CHECK_THROWS_AS(parse(text, Unit::Volt), InputError);
  }
  CHECK_THROWS_AS(parse("1 k", Unit::None), InputError);
  CHECK_THROWS_AS(parse("1 m", Unit::Ohm), InputError);
}

TEST_CASE("parse_quantity tells mega from milli, unlike SPICE", "[base]") {
  CHECK(parse("1 MOhm", Unit::Ohm) == 1e6);
  CHECK(parse("1 mOhm", Unit::Ohm) == 1e-3);
}

TEST_CASE("parse_quantity's error names place, value, unit and remedy", "[base]") {
  try {
    parse_quantity("5 S", Unit::Ohm, "flow.toml:3:8");
    FAIL("no error");
  } catch (const InputError& error) {
    CHECK(error.fault().place == "flow.toml:3:8");
    CHECK(error.fault().value == "\"5 S\"");
    CHECK(error.fault().rule.find("Ohm") != std::string::npos);
    CHECK_FALSE(error.fault().remedy.empty());
  }
}

TEST_CASE("format_quantity chooses the prefix of what is printed", "[base]") {
  CHECK(format_quantity(5e-5, Unit::Siemens, 3) == "50 uS");
  CHECK(format_quantity(0.2, Unit::Volt) == "200 mV");
  CHECK(format_quantity(1.0, Unit::Volt) == "1 V");
  CHECK(format_quantity(-2.5e-9, Unit::Ampere) == "-2.5 nA");
  CHECK(format_quantity(999.96, Unit::Ohm) == "1 kOhm");  // rounds to 1000: the next prefix
  CHECK(format_quantity(999.94, Unit::Ohm) == "999.9 Ohm");
  CHECK(format_quantity(0.0, Unit::Joule) == "0 J");
  CHECK(format_quantity(3.0, Unit::None) == "3");
  CHECK(format_quantity(2.0, Unit::PerVolt) == "2 1/V");
}

TEST_CASE("format_quantity and parse_quantity are inverse to the digits printed", "[base]") {
  constexpr int kDigits = 4;
  // Half a unit in the last of four digits, relative to the smallest number that has them.
  constexpr double kHalfDigit = 0.5e-3;
  RandomStream stream(1, "units_test");
  for (int k = 0; k < 500; ++k) {
    const double value = std::pow(10.0, stream.uniform(-15.0, 14.0));
    const std::string text = format_quantity(value, Unit::Ohm, kDigits);
    INFO(value << " as " << text);
    CHECK(parse(text.c_str(), Unit::Ohm) == Approx(value).epsilon(kHalfDigit));
  }
}
