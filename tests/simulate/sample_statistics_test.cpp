#include "simulate/sample_statistics.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "base/random.hpp"

using namespace memspice;
using simulate::summarize;

TEST_CASE("mean, deviation and their intervals follow the textbook", "[statistics]") {
  // 1 .. 10: mean 5.5, sum of squares 82.5. Tables at 9 degrees of freedom and 95 %: t = 2.262157,
  // chi-square 2.700389 and 19.022768 (Abramowitz, Stegun 1964, tables 26.8 and 26.10).
  std::vector<double> samples(10);
  std::iota(samples.begin(), samples.end(), 1.0);
  const auto found = summarize(samples, {});
  const double s = std::sqrt(82.5 / 9.0);
  CHECK(found.samples == 10);
  CHECK(found.mean == Approx(5.5).epsilon(1e-15));
  CHECK(*found.deviation == Approx(s).epsilon(1e-14));
  CHECK(*found.mean_interval.high == Approx(5.5 + 2.262157 * s / std::sqrt(10.0)).epsilon(1e-6));
  CHECK(*found.mean_interval.low == Approx(5.5 - 2.262157 * s / std::sqrt(10.0)).epsilon(1e-6));
  CHECK(*found.deviation_interval.low == Approx(std::sqrt(82.5 / 19.022768)).epsilon(1e-6));
  CHECK(*found.deviation_interval.high == Approx(std::sqrt(82.5 / 2.700389)).epsilon(1e-6));
  CHECK(found.least == 1.0);
  CHECK(found.most == 10.0);
  CHECK(found.percentiles.empty());
}

TEST_CASE("percentiles interpolate and are bracketed by order statistics", "[statistics]") {
  std::vector<double> samples(20);
  std::iota(samples.rbegin(), samples.rend(), 1.0);
  const auto found = summarize(samples, std::vector<double>{5.0, 50.0, 95.0});
  CHECK(found.percentiles[0].value == Approx(1.95).epsilon(1e-14));  // 1 + 0.05 * 19
  CHECK(found.percentiles[1].value == Approx(10.5).epsilon(1e-14));
  // Binomial(20, 1/2): P(B <= 5) = 0.0207, P(B <= 6) = 0.0577, so the 6th and the 15th.
  CHECK(*found.percentiles[1].interval.low == 6.0);
  CHECK(*found.percentiles[1].interval.high == 15.0);
  // P(B = 0) = 0.95^20 = 0.358: nothing bounds the 5th percentile from below.
  CHECK_FALSE(found.percentiles[0].interval.low);
  // Binomial(20, 0.05): P(B >= 4) = 0.0159 <= 0.025 < P(B >= 3) = 0.0755, so the 4th.
  CHECK(*found.percentiles[0].interval.high == 4.0);
  CHECK_FALSE(found.percentiles[2].interval.high);
  CHECK(*found.percentiles[2].interval.low == 17.0);  // by symmetry
}

TEST_CASE("one sample bounds nothing, equal samples have no spread", "[statistics]") {
  const auto one = summarize(std::vector<double>{0.9}, std::vector<double>{50.0});
  CHECK(one.mean == 0.9);
  CHECK_FALSE(one.deviation);
  CHECK_FALSE(one.mean_interval.low);
  CHECK_FALSE(one.percentiles[0].interval.low);
  CHECK_FALSE(one.percentiles[0].interval.high);
  const auto equal = summarize(std::vector<double>(7, 0.1), std::vector<double>{5.0});
  CHECK(equal.mean == 0.1);
  CHECK(*equal.deviation == 0.0);
  CHECK(*equal.mean_interval.low == 0.1);
  CHECK(equal.percentiles[0].value == 0.1);
}

TEST_CASE("intervals hold as often as they say", "[statistics]") {
  // 2000 sets of 30 normal samples. A right 95 % interval holds in a share 0.95 of them, standard
  // error 0.0049; order statistics are discrete, so that theirs hold at least as often.
  constexpr int sets = 2000;
  constexpr double five_errors = 5.0 * 0.0049;
  RandomStream random(5, "coverage");
  int mean = 0, deviation = 0, median = 0;
  for (int k = 0; k < sets; ++k) {
    std::vector<double> samples(30);
    for (double& x : samples) x = 3.0 + 2.0 * random.normal();
    const auto found = summarize(samples, std::vector<double>{50.0});
    const auto holds = [](const simulate::Interval& interval, double truth) {
      return *interval.low <= truth && truth <= *interval.high ? 1 : 0;
    };
    mean += holds(found.mean_interval, 3.0);
    deviation += holds(found.deviation_interval, 2.0);
    median += holds(found.percentiles[0].interval, 3.0);
  }
  CHECK(std::abs(mean / double{sets} - 0.95) < five_errors);
  CHECK(std::abs(deviation / double{sets} - 0.95) < five_errors);
  CHECK(median / double{sets} > 0.95 - five_errors);
}
