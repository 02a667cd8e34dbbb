// Which images are run in SPICE, and what they say of all.
#include "study/verify.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <set>

using namespace memspice;
using study::Draw;
using study::Stratum;

namespace {

/// Image k has margin k.
std::vector<double> rising_margins(int count) {
  std::vector<double> margins(static_cast<std::size_t>(count));
  std::iota(margins.begin(), margins.end(), 0.0);
  return margins;
}

Stratum stratum(int images, int drawn, int gained, int lost) {
  Stratum found{.images = std::vector<int>(static_cast<std::size_t>(images)),
                .drawn = std::vector<int>(static_cast<std::size_t>(drawn))};
  found.gained = gained;
  found.lost = lost;
  return found;
}

}  // namespace

TEST_CASE("images are drawn without repetition, alike for one seed", "[study][verify]") {
  const auto margins = rising_margins(1000);
  const auto strata = study::draw_images(margins, {.images = 50}, 7);
  REQUIRE(strata.size() == 1);
  const std::vector<int>& drawn = strata[0].drawn;
  CHECK(drawn.size() == 50);
  CHECK(std::set<int>(drawn.begin(), drawn.end()).size() == 50);
  CHECK(std::ranges::is_sorted(drawn));
  CHECK(drawn.front() >= 0);
  CHECK(drawn.back() < 1000);
  CHECK(study::draw_images(margins, {.images = 50}, 7)[0].drawn == drawn);
  CHECK(study::draw_images(margins, {.images = 50}, 8)[0].drawn != drawn);
  // Not more than there are.
  CHECK(study::draw_images(rising_margins(5), {.images = 50}, 7)[0].drawn.size() == 5);
}

TEST_CASE("by margin, half of the images are of the closest tenth", "[study][verify]") {
  const auto strata =
      study::draw_images(rising_margins(1000), {.images = 50, .draw = Draw::ByMargin}, 7);
  REQUIRE(strata.size() == 2);
  CHECK(strata[0].images.size() == 100);
  CHECK(strata[1].images.size() == 900);
  CHECK(strata[0].drawn.size() == 25);
  CHECK(strata[1].drawn.size() == 25);
  CHECK(*std::ranges::max_element(strata[0].drawn) < 100);
  CHECK(*std::ranges::min_element(strata[1].drawn) >= 100);
  std::set<int> all(strata[0].images.begin(), strata[0].images.end());
  all.insert(strata[1].images.begin(), strata[1].images.end());
  CHECK(all.size() == 1000);
}

TEST_CASE("every image is as likely to be drawn as any other", "[study][verify]") {
  std::vector<int> times(20, 0);
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    const auto strata = study::draw_images(rising_margins(20), {.images = 5}, seed);
    for (const int k : strata[0].drawn) ++times[static_cast<std::size_t>(k)];
  }
  // 500 expected, binomial deviation sqrt(2000 / 4 * 3 / 4) = 19.4: five of them.
  for (const int count : times) CHECK(std::abs(count - 500) < 97);
}

TEST_CASE("no changed label in n images bounds what the others may change", "[study][verify]") {
  const auto change = study::change_of(std::vector{stratum(10000, 200, 0, 0)});
  CHECK(change.value == 0.0);
  // Both rates at 97.5 %: none of 200 leaves 1 - 0.0125^(1/200).
  const double bound = 1.0 - std::pow(0.0125, 1.0 / 200.0);
  CHECK(*change.interval.high == Approx(bound).epsilon(1e-9));
  CHECK(*change.interval.low == Approx(-bound).epsilon(1e-9));
}

TEST_CASE("images of a stratum stand for all of it", "[study][verify]") {
  // Of the 100 close images 50 were run and 5 lost; of the 900 others 50, none changed.
  const auto change = study::change_of(std::vector{stratum(100, 50, 1, 6), stratum(900, 50, 0, 0)});
  CHECK(change.value == Approx(0.1 * (1.0 - 6.0) / 50.0));
  CHECK(change.gained == 1);
  CHECK(change.lost == 6);
  CHECK(*change.interval.low < change.value);
  CHECK(*change.interval.high > change.value);
  // All were run: nothing is open.
  const auto whole = study::change_of(std::vector{stratum(50, 50, 1, 3)});
  CHECK(whole.value == Approx(-0.04));
  CHECK(*whole.interval.low == Approx(-0.04));
  CHECK(*whole.interval.high == Approx(-0.04));
}

TEST_CASE("the interval holds the true change at least as often as it says", "[study][verify]") {
  // 2,000 images of which 30 would gain and 60 lose, 100 drawn.
  constexpr double kTrue = (30.0 - 60.0) / 2000.0;
  int held = 0;
  constexpr int kDraws = 400;
  for (std::uint64_t seed = 1; seed <= kDraws; ++seed) {
    auto strata = study::draw_images(rising_margins(2000), {.images = 100}, seed);
    for (const int k : strata[0].drawn) {
      strata[0].gained += k % 2000 < 30 ? 1 : 0;
      strata[0].lost += k >= 1000 && k < 1060 ? 1 : 0;
    }
    const auto change = study::change_of(strata);
    held += *change.interval.low <= kTrue && kTrue <= *change.interval.high ? 1 : 0;
  }
  CHECK(held >= 0.95 * kDraws);
}

TEST_CASE("an accuracy moves with its change and stays a share", "[study][verify]") {
  const simulate::Share before = simulate::share_of(9950, 10000);
  const simulate::Share after =
      report::accuracy_after(before, {.value = 0.001, .interval = {-0.002, 0.02}});
  CHECK(after.value == Approx(0.996));
  CHECK(*after.interval.low == Approx(0.993));
  CHECK(*after.interval.high == 1.0);
}
