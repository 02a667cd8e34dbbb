// Full scale read off the data against a plain search over scales.
#include "stochastic/full_scale.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "base/random.hpp"

using namespace memspice;
using namespace memspice::stochastic;

namespace {

/// The squared error of clipping at `scale` and rounding to its steps.
double error_of(const std::vector<float>& values, double scale, int steps) {
  double error = 0.0;
  for (const float value : values) {
    const double code = std::round(std::min<double>(std::abs(value), scale) / scale * steps);
    error += std::pow(std::abs(value) - code * scale / steps, 2);
  }
  return error;
}

/// Sizes that fall off exponentially, half of them rectified to zero.
std::vector<float> rectified(std::size_t count) {
  RandomStream random(3, "inputs");
  std::vector<float> values(count);
  for (float& value : values) {
    value = random.chance(0.5) ? 0.0F : static_cast<float>(-std::log1p(-random.uniform()));
  }
  return values;
}

}  // namespace

TEST_CASE("Full scale loses least of the data that it is read off", "[stochastic]") {
  const std::vector<float> values = rectified(20000);
  const double largest = *std::ranges::max_element(values);
  double before = 0.0;
  for (const int bits : {3, 5, 8}) {
    const int steps = (1 << bits) - 1;
    const double scale = least_error_scale(values, steps);
    double least = INFINITY;
    for (int k = 1; k <= 200; ++k) {
      least = std::min(least, error_of(values, largest * k / 200, steps));
    }
    INFO(bits);
    // Rounding errs by step^2 / 12 for steps that are fine against the density: to some percent.
    CHECK(error_of(values, scale, steps) < 1.05 * least);
    CHECK(scale > before);  // finer steps leave room for more of the tail
    before = scale;
  }
}

TEST_CASE("Many steps take in all values, and zeros need none", "[stochastic]") {
  CHECK(least_error_scale(std::vector<float>{0.5F, -2.0F, 1.0F}, 65535) == Approx(2.0));
  CHECK(least_error_scale(std::vector<float>(7, 0.0F), 255) == 0.0);
  CHECK(least_error_scale({}, 255) == 0.0);
}
