#include "simulate/sample_statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>

namespace memspice::simulate {
namespace {

/// From pairwise differences to the first: constant samples have no deviation at all, whatever
/// rounding does to their mean.
double mean_of(std::span<const double> samples) {
  double sum = 0.0;
  for (const double x : samples) sum += x - samples.front();
  return samples.front() + sum / static_cast<double>(samples.size());
}

double deviation_of(std::span<const double> samples, double mean) {
  double sum = 0.0;
  for (const double x : samples) sum += (x - mean) * (x - mean);
  return std::sqrt(sum / static_cast<double>(samples.size() - 1));
}

void add_intervals(SampleStatistics& statistics) {
  const double n = statistics.samples;
  const double tail = 0.5 * (1.0 - statistics.confidence);
  const double s = *statistics.deviation;
  const boost::math::students_t student(n - 1.0);
  const double half =
      boost::math::quantile(boost::math::complement(student, tail)) * s / std::sqrt(n);
  statistics.mean_interval = {statistics.mean - half, statistics.mean + half};
  const boost::math::chi_squared chi_squared(n - 1.0);
  const double most = boost::math::quantile(boost::math::complement(chi_squared, tail));
  const double least = boost::math::quantile(chi_squared, tail);
  statistics.deviation_interval = {s * std::sqrt((n - 1.0) / most),
                                   s * std::sqrt((n - 1.0) / least)};
}

double interpolate(const std::vector<double>& sorted, double p) {
  const double at = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  if (below + 1 >= sorted.size()) return sorted.back();
  const double part = at - static_cast<double>(below);
  return sorted[below] + part * (sorted[below + 1] - sorted[below]);
}

/// The tightest order statistics that keep each tail at most `tail`.
Interval bracket(const std::vector<double>& sorted, double p, double tail) {
  const auto n = static_cast<int>(sorted.size());
  const boost::math::binomial below(n, p);  // how many samples fall below the percentile
  Interval interval;
  for (int l = n; l >= 1 && !interval.low; --l) {
    if (boost::math::cdf(below, l - 1) <= tail)
      interval.low = sorted[static_cast<std::size_t>(l - 1)];
  }
  for (int u = 1; u <= n && !interval.high; ++u) {
    const double above = boost::math::cdf(boost::math::complement(below, u - 1));
    if (above <= tail) interval.high = sorted[static_cast<std::size_t>(u - 1)];
  }
  return interval;
}

}  // namespace

SampleStatistics summarize(std::span<const double> samples,
                           std::span<const double> ranks,
                           double confidence) {
  std::vector<double> sorted(samples.begin(), samples.end());
  std::sort(sorted.begin(), sorted.end());
  SampleStatistics statistics;
  statistics.samples = static_cast<int>(sorted.size());
  statistics.mean = mean_of(sorted);
  statistics.least = sorted.front();
  statistics.most = sorted.back();
  statistics.confidence = confidence;
  if (sorted.size() > 1) {
    statistics.deviation = deviation_of(sorted, statistics.mean);
    add_intervals(statistics);
  }
  for (const double rank : ranks) {
    const double p = rank / 100.0;
    statistics.percentiles.push_back({.rank = rank,
                                      .value = interpolate(sorted, p),
                                      .interval = bracket(sorted, p, 0.5 * (1.0 - confidence))});
  }
  return statistics;
}

}  // namespace memspice::simulate
