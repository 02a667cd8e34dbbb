#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "config/flow_options.hpp"

using namespace memspice;
using Catch::Matchers::Contains;

namespace {

constexpr const char* kCard =
    "model = \"static_read\"\nname = \"card\"\n"
    "[g_min]\nvalue = \"1 uS\"\nsource = \"s\"\n"
    "[g_max]\nvalue = \"9 uS\"\nsource = \"s\"\n"
    "[levels]\nvalue = 8\nsource = \"s\"\n"
    "[alpha]\nvalue = 2\nsource = \"s\"\n";

/// What load_read_card says to kCard with `from` replaced by `to`.
std::string verdict(const std::string& from, const std::string& to) {
  TemporaryFolder folder;
  const auto file = folder.path() / "card.toml";
  std::string text = kCard;
  text.replace(text.find(from), from.size(), to);
  write_file(file, text);
  try {
    config::load_read_card("static_read", file.string());
  } catch (const InputError& error) {
    return std::string(error.what()).substr(folder.path().string().size() + 1);
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a card of the read model may say how cells differ, with sources", "[config]") {
  const std::string effects =
      "[nonideality.programming]\nsigma = \"0.3 uS\"\nsource = \"s\"\n"
      "[nonideality.drift]\nnu = 0.05\nnu_sigma = 0.01\nt0 = \"2 s\"\nsource = \"s\"\n";
  const auto with = [&](const std::string& more) { return verdict("[alpha]", more + "[alpha]"); };
  CHECK(with(effects) == "accepted");
  CHECK_THAT(with("[nonideality.drift]\nnu = 0.05\n"), Contains("drift.source"));
  CHECK_THAT(with("[nonideality.drift]\nnu = 7\nsource = \"s\"\n"),
             Contains("card.toml:13:6") && Contains("must be -1 to 1"));
  CHECK_THAT(with("[nonideality.drift]\nnu = 0.1\ntimes = [1]\nsource = \"s\"\n"),
             Contains("a choice of each flow"));
  CHECK_THAT(with("[nonideality.programming]\nsigm = 1\nsource = \"s\"\n"),
             Contains("did you mean"));
}

TEST_CASE("the shipped technology card states its wires as derived", "[config]") {
  const device::Technology technology = config::load_technology("generic_45nm");
  // rho L / (w t) with the figures that the card's source names, to the digits it prints.
  const double derived = 4.08e-8 * 90e-9 / (45e-9 * 81e-9);
  CHECK(technology.wire_row.value == Approx(derived).epsilon(5e-4));
  CHECK(technology.wire_column.value == technology.wire_row.value);
  CHECK(technology.read_voltage.value == 0.2);
  CHECK(technology.read_time.value == Approx(10e-9).epsilon(1e-15));
  CHECK(technology.sense.value == Approx(10e3 / (1.0 + 999.0)).epsilon(1e-15));
  CHECK_FALSE(technology.driver.source.empty());
}

TEST_CASE("the shipped device cards load with a source for each figure", "[config]") {
  for (const char* name : {"hfox_1t1r", "linear"}) {
    const device::ReadCard card = config::load_read_card("static_read", name);
    CHECK(card.name == name);
    CHECK(card.g_max.value > card.g_min.value);
    for (const device::Figure& figure : {card.g_min, card.g_max, card.levels, card.alpha}) {
      CHECK_FALSE(figure.source.empty());
    }
  }
  CHECK(config::load_read_card("static_read", "hfox_1t1r").alpha.value == 1.0 / 0.4);
  CHECK(config::load_read_card("static_read", "linear").alpha.value == 0.0);
}

TEST_CASE("a bad card is refused with its place", "[config]") {
  CHECK(verdict("levels", "levels") == "accepted");
  CHECK_THAT(verdict("[g_min]\nvalue = \"1 uS\"\nsource = \"s\"\n", "[g_min]\nvalue = \"1 uS\"\n"),
             Contains("card.toml:3:2: key \"source\" is missing in [g_min]"));
  CHECK_THAT(verdict("source = \"s\"", "source = \"\""), Contains("must not be empty"));
  CHECK_THAT(verdict("[alpha]\nvalue = 2\nsource = \"s\"\n", ""),
             Contains("key \"value\" is missing in [alpha]"));
  CHECK_THAT(verdict("\"9 uS\"", "\"1 uS\""),
             Contains("card.toml:7:9: g_max.value = \"1 uS\": must be above g_min"));
  CHECK_THAT(verdict("\"1 uS\"", "\"-1 uS\""), Contains("must be zero or positive"));
  CHECK_THAT(verdict("\"1 uS\"", "\"1 Ohm\""), Contains("must be a finite number in S"));
  CHECK_THAT(verdict("value = 8", "value = 1"), Contains("must be at least 2"));
  CHECK_THAT(verdict("value = 8", "value = 2.5"), Contains("must be a whole number"));
  CHECK_THAT(verdict("[levels]", "[level]"), Contains("unknown table [level]"));
  CHECK_THAT(verdict("\"static_read\"", "\"vteam\""), Contains("must be \"static_read\""));
}

TEST_CASE("an absent card says where it looked", "[config]") {
  CHECK_THROWS_AS(config::load_technology("no_such"), InputError);
  CHECK_THROWS_AS(config::load_technology("/nowhere/x.toml"), InputError);
}
