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

/// Degrees of freedom of the sum of two squared errors (Satterthwaite).
double freedom_of(double sample_error, double samples, double image_error, double images) {
  const double a = sample_error * sample_error;
  const double b = image_error * image_error;
  if (b == 0.0) return samples - 1.0;
  return (a + b) * (a + b) / (a * a / (samples - 1.0) + b * b / (images - 1.0));
}

/// Shares stay shares: an interval that reaches beyond certainty ends there.
Interval within_shares(Interval interval) {
  return {std::max(0.0, *interval.low), std::min(1.0, *interval.high)};
}

void add_intervals(SampleStatistics& statistics, const ImageSpread& images) {
  const double n = statistics.samples;
  const double tail = 0.5 * (1.0 - statistics.confidence);
  const double s = *statistics.deviation;
  statistics.sample_error = s / std::sqrt(n);
  const double error = std::hypot(*statistics.sample_error, statistics.image_error);
  const boost::math::students_t student(
      freedom_of(*statistics.sample_error, n, statistics.image_error, images.images));
  const double half = boost::math::quantile(boost::math::complement(student, tail)) * error;
  statistics.mean_interval = {statistics.mean - half, statistics.mean + half};
  if (images.images > 0) statistics.mean_interval = within_shares(statistics.mean_interval);
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

SampleStatistics describe(std::span<const double> samples,
                          std::span<const double> ranks,
                          const ImageSpread& images,
                          double confidence) {
  std::vector<double> sorted(samples.begin(), samples.end());
  std::sort(sorted.begin(), sorted.end());
  SampleStatistics statistics;
  statistics.samples = static_cast<int>(sorted.size());
  statistics.mean = mean_of(sorted);
  statistics.least = sorted.front();
  statistics.most = sorted.back();
  statistics.confidence = confidence;
  if (images.images > 0) statistics.image_error = std::sqrt(images.variance / images.images);
  if (sorted.size() > 1) {
    statistics.deviation = deviation_of(sorted, statistics.mean);
    add_intervals(statistics, images);
  }
  for (const double rank : ranks) {
    const double p = rank / 100.0;
    statistics.percentiles.push_back({.rank = rank,
                                      .value = interpolate(sorted, p),
                                      .interval = bracket(sorted, p, 0.5 * (1.0 - confidence))});
  }
  return statistics;
}

}  // namespace

ImageSpread spread_of_images(std::span<const std::vector<float>> scores) {
  if (scores.front().empty()) return {};
  std::vector<double> means(scores.front().size(), 0.0);
  for (const std::vector<float>& sample : scores) {
    for (std::size_t i = 0; i < means.size(); ++i) means[i] += double{sample[i]};
  }
  for (double& mean : means) mean /= static_cast<double>(scores.size());
  const int images = static_cast<int>(means.size());
  means.insert(means.end(), {0.0, 0.0, 1.0, 1.0});
  const double deviation = deviation_of(means, mean_of(means));
  return {.images = images, .variance = deviation * deviation};
}

SampleStatistics summarize(std::span<const double> samples,
                           std::span<const double> ranks,
                           double confidence) {
  return describe(samples, ranks, {}, confidence);
}

SampleStatistics summarize(std::span<const double> samples,
                           std::span<const double> ranks,
                           const ImageSpread& images) {
  return describe(samples, ranks, images, kConfidence);
}

}  // namespace memspice::simulate
