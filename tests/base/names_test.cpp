#include "base/names.hpp"

#include <catch2/catch.hpp>

using namespace memspice;
using Catch::Contains;

namespace {

enum class Fruit { Apple, Pear };
constexpr Names<2> kFruits{"apple", "pear"};

}  // namespace

TEST_CASE("an enumeration's words lead there and back", "[base]") {
  CHECK(parse_choice<Fruit>(kFruits, "pear", "basket") == Fruit::Pear);
  CHECK(name_of(kFruits, Fruit::Apple) == "apple");
  CHECK(words_of(kFruits) == std::vector<std::string>{"apple", "pear"});
}

TEST_CASE("a word that names nothing is refused with its place and a remedy", "[base]") {
  CHECK_THROWS_WITH(parse_choice<Fruit>(kFruits, "peer", "basket"),
                    Contains("basket") && Contains("\"peer\"") && Contains("pear"));
  CHECK_THROWS_WITH(parse_choice<Fruit>(kFruits, "", "basket", "is no fruit"),
                    Contains("is no fruit"));
}
