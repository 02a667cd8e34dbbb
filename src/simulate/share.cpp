#include "simulate/share.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <initializer_list>
#include <stdexcept>
#include <vector>

namespace memspice::simulate {
namespace {

using boost::math::binomial;

/// Half of a 95 % interval is this many standard errors of a normal variable.
constexpr double kErrorsOfHalfInterval = 1.959964;

double mean_of(std::span<const float> values) {
  double sum = 0.0;
  for (const float value : values) sum += double{value};
  return sum / static_cast<double>(values.size());
}

bool is_all_or_nothing(std::span<const float> scores) {
  return std::ranges::all_of(scores, [](float score) { return score == 0.0F || score == 1.0F; });
}

struct Spread {
  double mean = 0.0, error = 0.0, freedom = 0.0;  ///< error: standard, of the mean
};
/// Of two values or more.
Spread spread_of(std::span<const float> values) {
  const double n = static_cast<double>(values.size());
  Spread spread{.mean = mean_of(values), .freedom = n - 1.0};
  double sum = 0.0;
  for (const float value : values) sum += std::pow(double{value} - spread.mean, 2);
  spread.error = std::sqrt(sum / (n - 1.0) / n);
  return spread;
}

/// Student's interval of a mean, clipped to where it can lie.
Interval student(const Spread& spread, double least, double most) {
  const boost::math::students_t distribution(spread.freedom);
  const double tail = 0.5 * (1.0 - kConfidence);
  const double half =
      boost::math::quantile(boost::math::complement(distribution, tail)) * spread.error;
  return {std::max(least, spread.mean - half), std::min(most, spread.mean + half)};
}

double student_probability(const Spread& spread) {
  if (spread.mean == 0.0) return 1.0;
  if (spread.error == 0.0) return 0.0;
  const boost::math::students_t distribution(spread.freedom);
  const double t = std::abs(spread.mean) / spread.error;
  return 2.0 * boost::math::cdf(boost::math::complement(distribution, t));
}

/// Both tails of McNemar's exact test.
double mcnemar(int gained, int lost) {
  const int discordant = gained + lost;
  if (discordant == 0) return 1.0;
  const binomial fair(discordant, 0.5);
  return std::min(1.0, 2.0 * boost::math::cdf(fair, std::min(gained, lost)));
}

/// The change's interval, from which of the discordant images gain and how many are discordant.
Interval discordant_interval(int gained, int lost, int images) {
  const int discordant = gained + lost;
  const Interval share = clopper_pearson(discordant, images);
  const Interval gain = discordant > 0 ? clopper_pearson(gained, discordant) : Interval{0.0, 1.0};
  const auto change = [&](double t, double d) { return (2.0 * t - 1.0) * d; };
  return {std::min(change(*gain.low, *share.low), change(*gain.low, *share.high)),
          std::max(change(*gain.high, *share.low), change(*gain.high, *share.high))};
}

}  // namespace

double Share::error() const {
  if (!interval.low || !interval.high) return 0.0;
  return (*interval.high - *interval.low) / (2.0 * kErrorsOfHalfInterval);
}

Interval clopper_pearson(long right, long count, double confidence) {
  const double tail = 0.5 * (1.0 - confidence);
  const double n = static_cast<double>(count);
  const double k = static_cast<double>(right);
  return {right == 0 ? 0.0 : binomial::find_lower_bound_on_p(n, k, tail),
          right == count ? 1.0 : binomial::find_upper_bound_on_p(n, k, tail)};
}

Share share_of(int right, int images) {
  if (images <= 0) return {};
  return {static_cast<double>(right) / images, images, clopper_pearson(right, images)};
}

Share share_of(std::span<const float> scores) {
  if (scores.empty()) return {};
  const int images = static_cast<int>(scores.size());
  if (is_all_or_nothing(scores)) {
    return share_of(static_cast<int>(std::ranges::count(scores, 1.0F)), images);
  }
  if (images == 1) return {double{scores.front()}, images, {}};
  const Spread spread = spread_of(scores);
  return {spread.mean, images, student(spread, 0.0, 1.0)};
}

PairedChange paired_change(std::span<const float> before, std::span<const float> after) {
  if (before.size() != after.size()) throw std::invalid_argument("paired_change: other images");
  PairedChange change;
  std::vector<float> difference(before.size());
  for (std::size_t n = 0; n < before.size(); ++n) {
    difference[n] = after[n] - before[n];
    change.gained += difference[n] > 0.0F ? 1 : 0;
    change.lost += difference[n] < 0.0F ? 1 : 0;
  }
  if (difference.empty()) return change;
  const int images = static_cast<int>(difference.size());
  if (is_all_or_nothing(before) && is_all_or_nothing(after)) {
    change.value = static_cast<double>(change.gained - change.lost) / images;
    change.interval = discordant_interval(change.gained, change.lost, images);
    change.probability = mcnemar(change.gained, change.lost);
    return change;
  }
  change.value = mean_of(difference);
  if (images == 1) return change;
  const Spread spread = spread_of(difference);
  change.interval = student(spread, -1.0, 1.0);
  change.probability = student_probability(spread);
  return change;
}

}  // namespace memspice::simulate
