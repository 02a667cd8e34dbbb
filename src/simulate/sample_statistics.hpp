#pragma once
// Mean, spread and percentiles of independent samples, each with a two-sided confidence interval.
//
//   mean        m +- t_{n-1} s / sqrt(n)                         Student's t
//   deviation   s sqrt((n-1) / chi2), chi2 at both tails         exact for normal samples
//   percentile  between order statistics X_(l) and X_(u)         free of any distribution:
//               P(B < l) <= a/2 and P(B >= u) <= a/2, B ~ Binomial(n, p), a = 1 - confidence
// A percentile's value interpolates between order statistics: (n - 1) p from the least.
// Sources: Hahn, Meeker, Statistical Intervals (1991), sections 4.2, 4.3 and 5.2; Hyndman, Fan,
// The American Statistician 50 (1996) 361, definition 7.

#include <optional>
#include <span>
#include <vector>

namespace memspice::simulate {

/// An absent bound: so few samples bound nothing on that side.
struct Interval {
  std::optional<double> low, high;
};

struct Percentile {
  double rank = 50.0;  ///< (0, 100)
  double value = 0.0;
  Interval interval;
};

struct SampleStatistics {
  int samples = 0;
  double mean = 0.0, least = 0.0, most = 0.0;
  std::optional<double> deviation;  ///< of the samples, n - 1 in the denominator; absent for one
  Interval mean_interval, deviation_interval;
  std::vector<Percentile> percentiles;
  double confidence = 0.95;
};

/// samples: at least one. ranks: each in (0, 100); confidence in (0, 1).
SampleStatistics summarize(std::span<const double> samples,
                           std::span<const double> ranks,
                           double confidence = 0.95);

}  // namespace memspice::simulate
