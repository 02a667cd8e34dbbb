// The vectorised loops against plain ones, at sizes around the vectors' widths.
#include "network/vector_kernels.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>
#include <vector>

#include "base/random.hpp"
#include "base/vectors.hpp"

using namespace memspice;
using namespace memspice::network;

namespace {

std::vector<float> drawn_values(std::size_t count) {
  RandomStream random(5, "vector kernels");
  std::vector<float> values(count);
  for (float& v : values) v = static_cast<float>(random.uniform(-3.0, 3.0));
  return values;
}

/// Calls check() once for each instruction set.
template <typename Check>
void for_each_set(const Check& check) {
  const std::vector<std::string> sets = vector_sets();
  for (const std::string& set : sets) {
    INFO(set);
    limit_vectors(set, "test");
    check();
  }
  limit_vectors(sets.front(), "test");
}

/// Window by window, as the operator is defined.
template <typename Fold>
std::vector<float> pooled(const PoolAxis& rows,
                          const PoolAxis& columns,
                          const std::vector<float>& plane,
                          float start,
                          const Fold& fold) {
  std::vector<float> result;
  for (std::int64_t p = 0; p < rows.positions; ++p) {
    for (std::int64_t q = 0; q < columns.positions; ++q) {
      float value = start;
      for (std::int64_t u = 0; u < rows.taps; ++u) {
        for (std::int64_t v = 0; v < columns.taps; ++v) {
          const std::int64_t y = rows.start + p * rows.stride + u * rows.dilation;
          const std::int64_t x = columns.start + q * columns.stride + v * columns.dilation;
          if (y < 0 || y >= rows.length || x < 0 || x >= columns.length) continue;
          value = fold(value, plane[static_cast<std::size_t>(y * columns.length + x)]);
        }
      }
      result.push_back(value);
    }
  }
  return result;
}

}  // namespace

TEST_CASE("Pooling windows hold the pixels that they meet", "[network]") {
  const PoolAxis rows{.taps = 3, .stride = 2, .start = -1, .length = 9, .positions = 5};
  const auto columns = GENERATE(
      PoolAxis{.taps = 2, .stride = 2, .length = 37, .positions = 18},
      PoolAxis{.taps = 3, .stride = 1, .start = -1, .length = 37, .positions = 37},
      PoolAxis{.taps = 3, .stride = 3, .dilation = 2, .start = -2, .length = 37, .positions = 13},
      // The last position lies behind the plane as a whole.
      PoolAxis{.taps = 1, .stride = 9, .start = 0, .length = 5, .positions = 2});
  const auto plane = drawn_values(static_cast<std::size_t>(rows.length * columns.length));
  const auto largest =
      pooled(rows, columns, plane, -std::numeric_limits<float>::infinity(), [](float a, float b) {
        return std::max(a, b);
      });
  const auto sums = pooled(rows, columns, plane, 0.0F, std::plus<float>());
  for_each_set([&] {
    std::vector<float> found(largest.size());
    pool_largest(rows, columns, plane.data(), found.data());
    CHECK(found == largest);
    pool_sum(rows, columns, plane.data(), found.data());
    CHECK(found == sums);  // the same order of additions, so to the last bit
  });
}

TEST_CASE("Values are finite only if all are, and their extremes are found anywhere", "[network]") {
  for (const std::size_t count : {1UL, 7UL, 32UL, 33UL, 100UL}) {
    const std::vector<float> values = drawn_values(count);
    for_each_set([&] {
      INFO(count);
      CHECK(all_finite(values));
      for (std::size_t k = 0; k < count; ++k) {
        for (const float bad : {std::numeric_limits<float>::infinity(),
                                -std::numeric_limits<float>::infinity(),
                                std::numeric_limits<float>::quiet_NaN(),
                                -std::numeric_limits<float>::quiet_NaN()}) {
          std::vector<float> spoilt = values;
          spoilt[k] = bad;
          CHECK_FALSE(all_finite(spoilt));
        }
        std::vector<float> peaked = values;
        peaked[k] = 7.0F;
        CHECK(extremes(peaked).high == 7.0F);
        peaked[k] = -std::numeric_limits<float>::max();
        CHECK(extremes(peaked).low == -std::numeric_limits<float>::max());
        CHECK(all_finite(peaked));
      }
      const auto [low, high] = std::ranges::minmax(values);
      CHECK(extremes(values).low == low);
      CHECK(extremes(values).high == high);
    });
  }
}
