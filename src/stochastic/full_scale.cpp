#include "stochastic/full_scale.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace memspice::stochastic {
namespace {

constexpr int kScales = 200;                               ///< that are tried
constexpr std::size_t kMostValues = std::size_t{1} << 20;  ///< a million tell a distribution

/// Sizes that are not zero, of every so many-th value.
std::vector<double> sorted_sizes(std::span<const float> values) {
  const std::size_t stride = values.size() / kMostValues + 1;
  std::vector<double> sizes;
  for (std::size_t k = 0; k < values.size(); k += stride) {
    if (values[k] != 0.0F) sizes.push_back(std::abs(static_cast<double>(values[k])));
  }
  std::ranges::sort(sizes, std::ranges::greater());
  return sizes;
}

}  // namespace

double least_error_scale(std::span<const float> values, int steps) {
  const std::vector<double> sizes = sorted_sizes(values);
  if (sizes.empty()) return 0.0;
  const double largest = sizes.front();
  double best = largest, least = INFINITY;
  double sum = 0.0, squares = 0.0;  // of what is clipped
  std::size_t clipped = 0;
  for (int k = kScales; k >= 1; --k) {
    const double scale = largest * k / kScales;
    for (; clipped < sizes.size() && sizes[clipped] > scale; ++clipped) {
      sum += sizes[clipped];
      squares += sizes[clipped] * sizes[clipped];
    }
    const double step = scale / steps;
    const double rounding = static_cast<double>(sizes.size() - clipped) * step * step / 12.0;
    const double error =
        squares - 2.0 * scale * sum + static_cast<double>(clipped) * scale * scale + rounding;
    if (error < least) {
      least = error;
      best = scale;
    }
  }
  return best;
}

}  // namespace memspice::stochastic
