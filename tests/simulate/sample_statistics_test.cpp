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

TEST_CASE("a mean over chips holds what its images leave open", "[simulate][statistics]") {
  // Three chips agree on 10,000 images, 8,900 right: binomial, with two right and two wrong images
  // added; 9,999 degrees of freedom leave Student's t at 1.9602.
  std::vector<float> one(10000, 0.0F);
  std::fill_n(one.begin(), 8900, 1.0F);
  const std::vector<std::vector<float>> agreeing(3, one);
  const simulate::ImageSpread spread = simulate::spread_of_images(agreeing);
  const auto found = simulate::summarize(std::vector<double>(3, 0.89), {}, spread);
  const double p = 8902.0 / 10004.0;
  const double half = 1.9602 * std::sqrt(p * (1.0 - p) * 10004.0 / 10003.0 / 10000.0);
  CHECK(*found.mean_interval.high == Approx(0.89 + half).epsilon(1e-6));
  CHECK(*found.mean_interval.low == Approx(0.89 - half).epsilon(1e-6));
  CHECK(*found.sample_error == 0.0);
  // All right on 20 images is no certainty.
  const std::vector<std::vector<float>> perfect(5, std::vector<float>(20, 1.0F));
  const auto sure =
      simulate::summarize(std::vector<double>(5, 1.0), {}, simulate::spread_of_images(perfect));
  CHECK(*sure.mean_interval.high == 1.0);
  CHECK(*sure.mean_interval.low < 0.9);
}

TEST_CASE("many chips and few images are as sure as the images", "[simulate][statistics]") {
  // Chips and images drawn from normal effects; the interval of the mean holds the true 0.7 in at
  // least 95 of 100 drawings. 360 of 400 is more than four standard errors below.
  const RandomStream random(1, "crossed");
  int held = 0;
  for (std::uint64_t drawing = 0; drawing < 400; ++drawing) {
    RandomStream draw = random.fork(drawing);
    std::vector<double> image(60), accuracies;
    for (double& effect : image) effect = 0.1 * draw.normal();
    std::vector<std::vector<float>> scores(5, std::vector<float>(60));
    for (auto& chip : scores) {
      const double own = 0.02 * draw.normal();
      double sum = 0.0;
      for (std::size_t i = 0; i < chip.size(); ++i) {
        chip[i] = static_cast<float>(0.7 + own + image[i] + 0.05 * draw.normal());
        sum += double{chip[i]};
      }
      accuracies.push_back(sum / 60.0);
    }
    // The four added images are for shares near certainty; here they only widen.
    const auto found = simulate::summarize(accuracies, {}, simulate::spread_of_images(scores));
    held += *found.mean_interval.low <= 0.7 && 0.7 <= *found.mean_interval.high ? 1 : 0;
  }
  CHECK(held >= 360);
}
