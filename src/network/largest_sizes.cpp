#include "network/largest_sizes.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <functional>

namespace memspice::network {
namespace {

/// Fewer than so many more are not worth a look at all of them.
constexpr std::size_t kSlack = 4096;

double linear_rank(std::size_t count, double percentile) {
  return percentile / 100.0 * static_cast<double>(count - 1);
}

}  // namespace

// From one below the interpolated percentile's lower rank on, for ranks that rounding moves.
LargestSizes::LargestSizes(std::int64_t count, double percentile)
    : count_(static_cast<std::size_t>(count)),
      percentile_(percentile),
      most_(std::min(count_,
                     count_ + 1 - static_cast<std::size_t>(linear_rank(count_, percentile)))) {}

void LargestSizes::add(std::span<const float> values) {
  for (const float v : values) {
    const float size = std::abs(v);
    if (size < least_) continue;
    kept_.push_back(size);
    if (kept_.size() >= 2 * most_ + kSlack) drop_small();
  }
}

void LargestSizes::drop_small() {
  if (kept_.size() <= most_) return;
  const auto last = kept_.begin() + static_cast<std::ptrdiff_t>(most_ - 1);
  std::nth_element(kept_.begin(), last, kept_.end(), std::greater<>());
  least_ = *last;
  kept_.resize(most_);
}

/// Counted from the smallest of all values, 0 first.
float LargestSizes::ranked(std::size_t rank) {
  const std::size_t from_top = count_ - 1 - std::min(rank, count_ - 1);
  assert(from_top < kept_.size());
  const auto chosen = kept_.begin() + static_cast<std::ptrdiff_t>(from_top);
  std::nth_element(kept_.begin(), chosen, kept_.end(), std::greater<>());
  return *chosen;
}

float LargestSizes::at_rank() {
  const double covered = std::ceil(percentile_ / 100.0 * static_cast<double>(count_));
  return ranked(static_cast<std::size_t>(std::max(covered, 1.0)) - 1);
}

float LargestSizes::interpolated() {
  const double rank = linear_rank(count_, percentile_);
  const auto below = static_cast<std::size_t>(rank);
  const double fraction = rank - std::floor(rank);
  const float low = ranked(below);
  if (fraction == 0.0) return low;
  return static_cast<float>((1.0 - fraction) * static_cast<double>(low) +
                            fraction * static_cast<double>(ranked(below + 1)));
}

}  // namespace memspice::network
