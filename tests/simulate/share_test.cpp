#include "simulate/share.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>
#include <vector>

using namespace memspice::simulate;

namespace {

/// The first `right` of `images` right.
std::vector<float> scores(int right, int images) {
  std::vector<float> found(static_cast<std::size_t>(images), 0.0F);
  std::fill_n(found.begin(), right, 1.0F);
  return found;
}

/// `gained` images right only after, `lost` only before, the others wrong in both.
PairedChange change_of(int gained, int lost, int images) {
  std::vector<float> before(static_cast<std::size_t>(images), 0.0F), after = before;
  std::fill_n(after.begin(), gained, 1.0F);
  std::fill_n(before.begin() + gained, lost, 1.0F);
  return paired_change(before, after);
}

/// n! / (b! c! (n - b - c)!) p^b q^c (1 - p - q)^(n - b - c).
double trinomial(int n, int b, int c, double p, double q) {
  const double rest = 1.0 - p - q;
  const auto power = [](double base, int k) {
    return k == 0 ? 0.0 : k * std::log(std::max(base, 1e-300));
  };
  return std::exp(std::lgamma(n + 1.0) - std::lgamma(b + 1.0) - std::lgamma(c + 1.0) -
                  std::lgamma(n - b - c + 1.0) + power(p, b) + power(q, c) +
                  power(rest, n - b - c));
}

}  // namespace

TEST_CASE("a share's interval is the exact one of Clopper and Pearson", "[simulate][share]") {
  // No error in n: p_low = (a/2)^(1/n).
  const Share all = share_of(scores(20, 20));
  CHECK(all.value == 1.0);
  CHECK(*all.interval.low == Approx(std::pow(0.025, 1.0 / 20)));
  CHECK(*all.interval.high == 1.0);
  const Share none = share_of(scores(0, 20));
  CHECK(*none.interval.low == 0.0);
  CHECK(*none.interval.high == Approx(1.0 - std::pow(0.025, 1.0 / 20)));
  // Clopper, Pearson (1934), and any table: 5 of 10 is 0.187 to 0.813.
  const Share half = share_of(scores(5, 10));
  CHECK(*half.interval.low == Approx(0.18709).margin(1e-5));
  CHECK(*half.interval.high == Approx(0.81291).margin(1e-5));
  // Many images: +- 1.96 standard errors, 0.3 / 100 each, and half an image of exactness.
  const Share many = share_of(9000, 10000);
  CHECK(many.error() == Approx(0.003).epsilon(0.02));
  CHECK(share_of(std::vector<float>{}).images == 0);
  CHECK_FALSE(Share(0.9).interval.low);
}

TEST_CASE("images that are right in parts are the samples", "[simulate][share]") {
  // Mean 0.5, deviation 0.1, three images: t_2 = 4.302653, 4.302653 x 0.1 / sqrt 3.
  const Share share = share_of(std::vector<float>{0.4F, 0.5F, 0.6F});
  const double half = 4.302653 * 0.1 / std::sqrt(3.0);
  CHECK(share.value == Approx(0.5));
  CHECK(*share.interval.low == Approx(0.5 - half).epsilon(1e-5));
  CHECK(*share.interval.high == Approx(0.5 + half).epsilon(1e-5));
  CHECK_FALSE(share_of(std::vector<float>{0.4F}).interval.low);
  const PairedChange change =
      paired_change(std::vector<float>{0.4F, 0.5F, 0.6F}, std::vector<float>{0.5F, 0.6F, 0.8F});
  CHECK(change.value == Approx(0.4 / 3.0));
  CHECK(change.gained == 3);
  // Differences 0.1, 0.1, 0.2: standard error 1/30, t = 4, two-sided with 2 degrees of freedom.
  CHECK(change.probability == Approx(0.0572).margin(1e-4));
}

TEST_CASE("a change on the same images is judged by its discordant ones", "[simulate][share]") {
  // 10 gain, 2 lose: 2 (1 + 12 + 66) / 2^12.
  const PairedChange change = change_of(10, 2, 1000);
  CHECK(change.value == Approx(0.008));
  CHECK(change.gained == 10);
  CHECK(change.lost == 2);
  CHECK(change.probability == Approx(158.0 / 4096.0));
  CHECK(*change.interval.low > 0.0);
  // As many gain as lose: nothing shows.
  CHECK(change_of(7, 7, 1000).probability == 1.0);
  // The same labels everywhere still leave open what 1,000 images cannot show: (a/2)^(1/n).
  const PairedChange same = change_of(0, 0, 1000);
  CHECK(*same.interval.high == Approx(1.0 - std::pow(0.025, 1e-3)));
  CHECK(*same.interval.low == Approx(-*same.interval.high));
  CHECK_THROWS_AS(paired_change(scores(1, 2), scores(1, 3)), std::invalid_argument);
}

TEST_CASE("zero lies outside the interval exactly when McNemar's test rejects",
          "[simulate][share]") {
  for (int gained = 0; gained <= 14; ++gained) {
    for (int lost = 0; lost <= 14; ++lost) {
      const PairedChange change = change_of(gained, lost, 200);
      const bool outside = *change.interval.low > 0.0 || *change.interval.high < 0.0;
      INFO(gained << " gained, " << lost << " lost");
      CHECK(outside == (change.probability < 0.05));
    }
  }
}

TEST_CASE("the paired interval holds the change at least 95 times in 100", "[simulate][share]") {
  constexpr int n = 40;
  // p: gained, q: lost; the sum runs over every outcome that n images can give.
  for (const auto& [p, q] :
       {std::pair{0.05, 0.05}, {0.2, 0.02}, {0.3, 0.0}, {0.4, 0.3}, {0.01, 0.0}}) {
    double held = 0.0;
    for (int b = 0; b <= n; ++b) {
      for (int c = 0; b + c <= n; ++c) {
        if (q == 0.0 && c > 0) continue;
        const Interval interval = change_of(b, c, n).interval;
        if (*interval.low <= p - q && p - q <= *interval.high) held += trinomial(n, b, c, p, q);
      }
    }
    INFO(p << " gained, " << q << " lost: " << held);
    CHECK(held >= 0.95);
  }
}
