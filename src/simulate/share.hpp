#pragma once
// Shares of right answers: what their images leave open, and how two on the same images differ.
//
//   share       k of n images right          exact interval of Clopper, Pearson (1934): p_low from
//                                            P(X >= k | p_low) = a/2, p_high from P(X <= k) = a/2
//   change      (b - c) / n on n images that both networks saw; b right only after, c only before
//     sign      b ~ Binomial(b + c, t): exact interval t_low .. t_high of Clopper, Pearson; no
//               change, t = 1/2, lies outside exactly when McNemar's exact test rejects it
//     size      (2 t - 1) d at both ends of t and of the share d of discordant images, widest first
//   p           McNemar's exact test: both tails of Binomial(b + c, 1/2)
// a = 1 - confidence. Where an image is right in parts (labelled pixels), images are the samples of
// Student's t: neighbouring pixels are not independent.
// Sources: Clopper, Pearson, Biometrika 26 (1934) 404; McNemar, Psychometrika 12 (1947) 153;
// Fay, Biostatistics 11 (2010) 373, for the interval that matches the test.

#include <optional>
#include <span>

namespace memspice::simulate {

inline constexpr double kConfidence = 0.95;

/// An absent bound: so few samples bound nothing on that side.
struct Interval {
  std::optional<double> low, high;
};

/// A share of right answers, 0 .. 1, which reads as its value.
struct Share {
  double value = 0.0;
  int images = 0;          ///< that it was measured on; 0: unknown, and no interval
  Interval interval = {};  ///< of 95 % confidence, for images like these
  bool trusted = true;     ///< false: tile models behind it miss SPICE by more than they may

  Share() = default;
  Share(double share, int count = 0, Interval bounds = {})
      : value(share), images(count), interval(bounds) {}
  operator double() const noexcept { return value; }
  /// One standard error, read off the interval; 0 without one.
  double error() const;
};

/// The exact interval of `right` in `count` trials. count >= 1, 0 <= right <= count.
Interval clopper_pearson(long right, long count, double confidence = kConfidence);

/// scores: of each image, 0 wrong, 1 right, between where it is right in parts; may be empty.
Share share_of(std::span<const float> scores);
/// The same from the count of right images.
Share share_of(int right, int images);

/// The change from one network to another on the same images.
struct PairedChange {
  double value = 0.0;        ///< of the share, after - before
  Interval interval = {};    ///< of 95 % confidence
  int gained = 0, lost = 0;  ///< images that score better or worse
  double probability = 1.0;  ///< of at least such a change if there is none (p value)
};
/// Scores by image, the same images in the same order; throws std::invalid_argument when the counts
/// differ.
PairedChange paired_change(std::span<const float> before, std::span<const float> after);

}  // namespace memspice::simulate
