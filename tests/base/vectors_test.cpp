#include "base/vectors.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"

using namespace memspice;
using Catch::Matchers::Contains;

TEST_CASE("limit_vectors takes the processor's sets and no other", "[base]") {
  const std::vector<std::string> sets = vector_sets();
  REQUIRE(!sets.empty());
  CHECK(vector_set() == sets.front());
  limit_vectors(sets.back(), "test");
  CHECK(vector_sets() == std::vector{sets.back()});
  // A limit does not narrow what a later one may choose.
  limit_vectors(sets.front(), "test");
  CHECK(vector_sets() == sets);
  CHECK_THROWS_AS(limit_vectors("avx9", "MEMSPICE_VECTORS"), InputError);
  CHECK_THROWS_WITH(limit_vectors("avx9", "MEMSPICE_VECTORS"),
                    Contains("MEMSPICE_VECTORS") && Contains("avx9") && Contains(sets.back()));
  CHECK(vector_sets() == sets);
}
