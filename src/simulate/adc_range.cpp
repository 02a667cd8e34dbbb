#include "simulate/adc_range.hpp"

#include <algorithm>
#include <cmath>

namespace memspice::simulate {

float size_at_percentile(std::vector<float>& sizes, double percentile) {
  const auto rank = static_cast<std::ptrdiff_t>(
                        std::ceil(percentile / 100.0 * static_cast<double>(sizes.size()))) -
                    1;
  const auto chosen = sizes.begin() + std::max<std::ptrdiff_t>(rank, 0);
  std::nth_element(sizes.begin(), chosen, sizes.end());
  return *chosen;
}

}  // namespace memspice::simulate
