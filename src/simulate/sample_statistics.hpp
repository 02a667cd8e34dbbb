#pragma once
// Mean, spread and percentiles of independent samples, each with a two-sided confidence interval.
//
//   mean        m +- t_{n-1} s / sqrt(n)                         Student's t
//     of scores of K chips on the same n images: both were drawn, and x_ki = m + chip_k + image_i +
//     rest_ki gives Var(m) = s_chip^2 / K + s_image^2 / n + s_rest^2 / (K n). The variance s_c^2 of
//     the chips' accuracies is on average s_chip^2 + s_rest^2 / n, that of the images' mean scores
//     s_i^2 is s_image^2 + s_rest^2 / K, so that
//                 m +- t_f sqrt(s_c^2 / K + s_i^2 / n)
//     takes in all three (the last one twice, on the safe side), f after Satterthwaite. Two images
//     that every chip knows and two that none knows are added to s_i^2, so that no agreement of the
//     chips is certainty (as Agresti, Coull 1998 do for one share).
//   deviation   s sqrt((n-1) / chi2), chi2 at both tails         exact for normal samples
//   percentile  between order statistics X_(l) and X_(u)         free of any distribution:
//               P(B < l) <= a/2 and P(B >= u) <= a/2, B ~ Binomial(n, p), a = 1 - confidence
// A percentile's value interpolates between order statistics: (n - 1) p from the least.
// Sources: Hahn, Meeker, Statistical Intervals (1991), sections 4.2, 4.3 and 5.2; Hyndman, Fan,
// The American Statistician 50 (1996) 361, definition 7; Searle, Casella, McCulloch, Variance
// Components (1992), chapter 4, for two crossed effects; Satterthwaite, Biometrics Bulletin 2
// (1946) 110; Agresti, Coull, The American Statistician 52 (1998) 119.

#include <optional>
#include <span>
#include <vector>

#include "simulate/share.hpp"

namespace memspice::simulate {

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
  /// Standard errors of the mean: that few samples leave, and that few images do (0: not counted).
  std::optional<double> sample_error;
  double image_error = 0.0;
  std::vector<Percentile> percentiles;
  double confidence = kConfidence;
};

/// What the images that all samples were scored on leave open.
struct ImageSpread {
  int images = 0;         ///< 0: the samples were not scored on images
  double variance = 0.0;  ///< s_i^2 of the images' mean scores, with the four images added
};
/// scores[sample][image], 0 .. 1: at least one sample, all on the same images.
ImageSpread spread_of_images(std::span<const std::vector<float>> scores);

/// samples: at least one. ranks: each in (0, 100); confidence in (0, 1).
SampleStatistics summarize(std::span<const double> samples,
                           std::span<const double> ranks,
                           double confidence = kConfidence);
/// Of accuracies on images: the mean's interval holds for other images of the kind as well.
SampleStatistics summarize(std::span<const double> samples,
                           std::span<const double> ranks,
                           const ImageSpread& images);

}  // namespace memspice::simulate
