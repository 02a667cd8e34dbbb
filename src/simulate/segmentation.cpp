#include "simulate/segmentation.hpp"

#include <array>
#include <cassert>
#include <cmath>

namespace memspice::simulate {
namespace {

constexpr std::size_t kLevels = 256;

/// How many pixels of each grey level there are, of the class and in all.
struct GreyHistogram {
  std::array<long, kLevels> all{}, foreground{};
};

GreyHistogram histogram_of(const network::Dataset& data) {
  const auto channels = static_cast<std::size_t>(data.images.shape[1]);
  const auto plane = static_cast<std::size_t>(data.images.shape[2] * data.images.shape[3]);
  GreyHistogram histogram;
  for (std::size_t k = 0; k < data.label_planes.size(); ++k) {
    const std::size_t first = k / plane * channels * plane + k % plane;
    float sum = 0.0F;
    for (std::size_t c = 0; c < channels; ++c) sum += data.images.data[first + c * plane];
    const auto grey = std::lround(255.0F * sum / static_cast<float>(channels));
    const auto level = static_cast<std::size_t>(std::min(255L, std::max(0L, grey)));
    ++histogram.all[level];
    histogram.foreground[level] += data.label_planes[k];
  }
  return histogram;
}

/// All levels below `threshold` taken for the class.
PixelCounts count_below(const GreyHistogram& histogram, std::size_t threshold) {
  PixelCounts counts;
  for (std::size_t level = 0; level < kLevels; ++level) {
    const long all = histogram.all[level];
    const long foreground = histogram.foreground[level];
    const bool is_taken = level < threshold;
    counts.pixels += all;
    counts.foreground += foreground;
    counts.taken += is_taken ? all : 0;
    counts.overlap += is_taken ? foreground : 0;
    counts.right += is_taken ? foreground : all - foreground;
  }
  return counts;
}

}  // namespace

double PixelCounts::accuracy() const noexcept {
  return pixels == 0 ? 0.0 : static_cast<double>(right) / static_cast<double>(pixels);
}

double PixelCounts::dice() const noexcept {
  const long both = taken + foreground;
  return both == 0 ? 1.0 : 2.0 * static_cast<double>(overlap) / static_cast<double>(both);
}

PixelCounts& PixelCounts::operator+=(const PixelCounts& other) {
  pixels += other.pixels;
  right += other.right;
  taken += other.taken;
  foreground += other.foreground;
  overlap += other.overlap;
  return *this;
}

PixelCounts count_pixels(std::span<const float> scores,
                         std::span<const std::uint8_t> labels,
                         float threshold) {
  assert(scores.size() == labels.size());
  PixelCounts counts;
  counts.pixels = static_cast<long>(labels.size());
  for (std::size_t k = 0; k < labels.size(); ++k) {
    const bool is_taken = scores[k] > threshold;
    const bool is_foreground = labels[k] != 0;
    counts.taken += is_taken ? 1 : 0;
    counts.foreground += is_foreground ? 1 : 0;
    counts.overlap += is_taken && is_foreground ? 1 : 0;
    counts.right += is_taken == is_foreground ? 1 : 0;
  }
  return counts;
}

GreyThreshold score_grey_threshold(const network::Dataset& training, const network::Dataset& test) {
  const GreyHistogram histogram = histogram_of(training);
  GreyThreshold best;
  double best_dice = -1.0;
  for (std::size_t threshold = 0; threshold <= kLevels; ++threshold) {
    const double dice = count_below(histogram, threshold).dice();
    if (dice <= best_dice) continue;
    best_dice = dice;
    best.level = static_cast<int>(threshold);
  }
  best.counts = count_below(histogram_of(test), static_cast<std::size_t>(best.level));
  return best;
}

}  // namespace memspice::simulate
