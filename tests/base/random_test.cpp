#include "base/random.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

using namespace memspice;

namespace {

constexpr int kDraws = 200'000;
// The seeds are fixed, so a test passes always or never; five standard errors keep the chance that
// a sound generator fails on a given seed below 6e-7 per statistic.
constexpr double kStandardErrors = 5.0;

struct Moments {
  double mean = 0.0;
  double variance = 0.0;
  double skewness = 0.0;
  double excess_kurtosis = 0.0;
};

Moments moments_of(const std::vector<double>& values) {
  Moments m;
  const auto n = static_cast<double>(values.size());
  for (const double x : values) m.mean += x / n;
  for (const double x : values) m.variance += std::pow(x - m.mean, 2) / n;
  const double sigma = std::sqrt(m.variance);
  for (const double x : values) m.skewness += std::pow((x - m.mean) / sigma, 3) / n;
  for (const double x : values) m.excess_kurtosis += std::pow((x - m.mean) / sigma, 4) / n;
  m.excess_kurtosis -= 3.0;
  return m;
}

template <std::size_t Bins>
double chi_squared(const std::array<int, Bins>& counts, int draws) {
  const double expected = static_cast<double>(draws) / Bins;
  double sum = 0.0;
  for (const int count : counts) sum += std::pow(count - expected, 2) / expected;
  return sum;
}

/// Bound on chi-squared with `freedom` degrees: mean f, variance 2 f.
double chi_squared_bound(double freedom) {
  return freedom + kStandardErrors * std::sqrt(2.0 * freedom);
}

}  // namespace

// Computed by an independent program from the published algorithms: MT19937-64 (Nishimura 2000; its
// 10,000th output for seed 5489 is 9981545732273789042), seeded with SplitMix64 of the key, where
// the key is SplitMix64(seed) xor FNV-1a(purpose); a uniform number is the output times 2^-64.
TEST_CASE("RandomStream gives the same sequence on every platform", "[base]") {
  RandomStream tile(1, "layer/conv1/tile/3");
  CHECK(tile.uniform() == 0.25279874937238006);
  CHECK(tile.uniform() == 0.9467432768786622);
  CHECK(tile.uniform() == 0.3841697905152363);
  RandomStream unnamed(std::numeric_limits<std::uint64_t>::max(), "");
  CHECK(unnamed.uniform() == 0.10425348498052346);
}

TEST_CASE("RandomStream::fork depends on the stream's name alone", "[base]") {
  RandomStream stream(1, "layer/conv1/tile/3");
  stream.normal();  // what was drawn before must not matter
  CHECK(stream.fork("noise").uniform() == 0.35713466117869214);
  CHECK(stream.fork(7).uniform() == 0.042160599379656605);
}

TEST_CASE("RandomStream::fork does not advance its stream", "[base]") {
  RandomStream forked(3, "a");
  RandomStream plain(3, "a");
  forked.fork("b");
  forked.fork(1);
  CHECK(forked.uniform() == plain.uniform());
}

TEST_CASE("streams differ by seed, purpose and index", "[base]") {
  const double first = RandomStream(1, "a").uniform();
  CHECK(first != RandomStream(2, "a").uniform());
  CHECK(first != RandomStream(1, "b").uniform());
  CHECK(first != RandomStream(1, "a").fork("a").uniform());
  CHECK(RandomStream(1, "a").fork(0).uniform() != RandomStream(1, "a").fork(1).uniform());
}

TEST_CASE("normal has the moments of the standard normal distribution", "[base]") {
  RandomStream stream(1, "random_test/normal");
  std::vector<double> values(kDraws);
  for (double& value : values) value = stream.normal();
  const Moments m = moments_of(values);
  // Standard errors of a normal sample's moments: 1, sqrt(2), sqrt(6), sqrt(24) over sqrt(n).
  const double unit = kStandardErrors / std::sqrt(static_cast<double>(kDraws));
  CHECK(std::abs(m.mean) < unit);
  CHECK(std::abs(m.variance - 1.0) < unit * std::sqrt(2.0));
  CHECK(std::abs(m.skewness) < unit * std::sqrt(6.0));
  CHECK(std::abs(m.excess_kurtosis) < unit * std::sqrt(24.0));
}

TEST_CASE("normal fills the tails", "[base]") {
  RandomStream stream(2, "random_test/tails");
  int beyond = 0;
  for (int k = 0; k < kDraws; ++k) beyond += std::abs(stream.normal()) > 3.0 ? 1 : 0;
  const double p = std::erfc(3.0 / std::sqrt(2.0));  // P(|x| > 3) = 0.0027
  CHECK(std::abs(beyond - kDraws * p) < kStandardErrors * std::sqrt(kDraws * p * (1.0 - p)));
}

TEST_CASE("uniform is even over [0, 1) and stays inside", "[base]") {
  RandomStream stream(1, "random_test/uniform");
  std::array<int, 64> counts{};
  bool inside = true;
  for (int k = 0; k < kDraws; ++k) {
    const double x = stream.uniform();
    inside = inside && x >= 0.0 && x < 1.0;
    ++counts.at(static_cast<std::size_t>(x * counts.size()));
  }
  CHECK(inside);
  CHECK(chi_squared(counts, kDraws) < chi_squared_bound(63));
}

TEST_CASE("uniform(low, high) has the interval's mean and variance", "[base]") {
  RandomStream stream(1, "random_test/interval");
  std::vector<double> values(kDraws);
  for (double& value : values) value = stream.uniform(-3.0, 1.0);
  const Moments m = moments_of(values);
  // Width 4: variance 16/12; the variance's standard error is sqrt((mu4 - sigma^4)/n), with
  // mu4 = 4^4/80.
  const double variance = 16.0 / 12.0;
  CHECK(std::abs(m.mean + 1.0) < kStandardErrors * std::sqrt(variance / kDraws));
  CHECK(std::abs(m.variance - variance) <
        kStandardErrors * std::sqrt((256.0 / 80.0 - variance * variance) / kDraws));
}

TEST_CASE("below is even for a bound that is no power of two", "[base]") {
  RandomStream stream(1, "random_test/below");
  std::array<int, 7> counts{};
  for (int k = 0; k < kDraws; ++k) ++counts.at(stream.below(counts.size()));
  CHECK(chi_squared(counts, kDraws) < chi_squared_bound(6));
  CHECK(stream.below(1) == 0);
}

TEST_CASE("chance hits as often as asked", "[base]") {
  RandomStream stream(1, "random_test/chance");
  constexpr double p = 0.01;
  int hits = 0;
  for (int k = 0; k < kDraws; ++k) hits += stream.chance(p) ? 1 : 0;
  CHECK(std::abs(hits - kDraws * p) < kStandardErrors * std::sqrt(kDraws * p * (1 - p)));
  CHECK_FALSE(stream.chance(0.0));
  CHECK(stream.chance(1.0));
}

TEST_CASE("streams of neighbouring indices and seeds are independent", "[base]") {
  constexpr int kStreams = 20'000;
  const RandomStream parent(1, "random_test/parent");
  const auto correlation = [](const auto& stream_at) {
    double sum = 0.0;
    for (std::uint64_t k = 0; k < kStreams; ++k) {
      sum += stream_at(k).normal() * stream_at(k + 1).normal();
    }
    return sum / kStreams;
  };
  // The mean product of two independent standard normal numbers: 0, standard error 1/sqrt(n).
  const double bound = kStandardErrors / std::sqrt(static_cast<double>(kStreams));
  CHECK(std::abs(correlation([&](std::uint64_t k) { return parent.fork(k); })) < bound);
  CHECK(std::abs(correlation([](std::uint64_t k) { return RandomStream(k, "a"); })) < bound);
}
