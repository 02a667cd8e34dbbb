#include "base/error.hpp"

#include <catch2/catch.hpp>
#include <type_traits>

using namespace memspice;

TEST_CASE("describe names place, value, rule and remedy on one line", "[base]") {
  CHECK(describe({"a.toml:3:1", "\"collumns\"", "is unknown", "did you mean \"columns\"?"}) ==
        "a.toml:3:1: \"collumns\": is unknown; did you mean \"columns\"?");
}

TEST_CASE("describe leaves out empty parts with their separators", "[base]") {
  CHECK(describe({"", "-1", "must be positive", ""}) == "-1: must be positive");
  CHECK(describe({"wire", "", "must be positive", ""}) == "wire: must be positive");
  CHECK(describe({"", "", "", "try again"}) == "try again");
  CHECK(describe({}).empty());
}

TEST_CASE("describe escapes control characters so that a message stays one line", "[base]") {
  CHECK(describe({"a\nb", "c\td", "e\x1b[0m", ""}) == "a\\nb: c\\td: e\\x1b[0m");
  CHECK(std::string(RunError("first\nsecond").what()) == "first\\nsecond");
}

TEST_CASE("an error keeps its fault and its kind", "[base]") {
  try {
    throw InputError({"place", "value", "rule", "remedy"});
  } catch (const Error& error) {
    CHECK(dynamic_cast<const InputError*>(&error) != nullptr);
    CHECK(error.fault().place == "place");
    CHECK(error.fault().remedy == "remedy");
    CHECK(std::string(error.what()) == describe(error.fault()));
  }
  // The exit code is chosen by type, so no kind may pass for another.
  STATIC_REQUIRE_FALSE(std::is_base_of_v<InputError, RunError>);
  STATIC_REQUIRE_FALSE(std::is_base_of_v<RunError, InputError>);
  STATIC_REQUIRE_FALSE(std::is_base_of_v<RunError, Interrupted>);
}
