// The vectorised loops against plain ones, at sizes around the vectors' widths.
#include "network/vector_kernels.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
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
std::vector<float> pooled(const WindowAxis& rows,
                          const WindowAxis& columns,
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
  const WindowAxis rows{.taps = 3, .stride = 2, .start = -1, .length = 9, .positions = 5};
  const auto columns = GENERATE(
      WindowAxis{.taps = 2, .stride = 2, .length = 37, .positions = 18},
      WindowAxis{.taps = 3, .stride = 1, .start = -1, .length = 37, .positions = 37},
      WindowAxis{.taps = 3, .stride = 3, .dilation = 2, .start = -2, .length = 37, .positions = 13},
      // The last position lies behind the plane as a whole.
      WindowAxis{.taps = 1, .stride = 9, .start = 0, .length = 5, .positions = 2});
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

TEST_CASE("Values are rounded to a converter's codes, ties to the even one", "[network]") {
  // 2.5 steps lie between codes 2 and 3, 3.5 between 3 and 4; -1 and 9 lie beyond the codes 0 to 7.
  const std::vector<float> ties{0.25F, 0.35F, -0.1F, 0.9F, 0.04F};
  const CodeSteps steps{.to_code = 10.0F, .low = 0.0F, .high = 7.0F, .to_value = 0.5F};
  for (const std::size_t count : {1UL, 5UL, 32UL, 101UL}) {
    std::vector<float> values = drawn_values(count);
    for (std::size_t k = 0; k < count; ++k) {
      if (k < ties.size()) values[k] = ties[k];
    }
    std::vector<float> expected;
    for (const float v : values) {
      const float code = std::clamp(std::nearbyint(v * 10.0F), 0.0F, 7.0F);
      expected.push_back(code * 0.5F);
    }
    CHECK(expected.front() == 1.0F);
    for_each_set([&] {
      std::vector<float> rounded = values;
      round_to_codes(steps, rounded);
      CHECK(rounded == expected);
    });
  }
}

TEST_CASE("A curve of the powers 1, 3 and 5 bends every value", "[network]") {
  const std::vector<float> v = drawn_values(75);
  for_each_set([&] {
    std::vector<float> f(v.size());
    bend(0.25F, -0.125F, v, f);
    for (std::size_t k = 0; k < v.size(); ++k) {
      const double x = v[k];
      const double expected = x + 0.25 * std::pow(x, 3) - 0.125 * std::pow(x, 5);
      // Terms of up to 30 cancel; each operation rounds to 6e-8 of its value.
      CHECK(f[k] == Approx(expected).margin(2e-5));
    }
  });
}
