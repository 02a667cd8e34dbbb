#include "mapping/converter.hpp"

#include <algorithm>
#include <cmath>

namespace memspice::mapping {

int Converter::steps() const noexcept {
  if (bits == 0) return 0;
  // A signed converter of 1 bit has the codes -1, 0, 1: the least that can carry a sign.
  return is_signed ? std::max(1, (1 << (bits - 1)) - 1) : (1 << bits) - 1;
}

double Converter::apply(double value) const noexcept {
  if (bits == 0) return value;
  const double count = steps();
  const double code =
      std::clamp(std::nearbyint(value / range * count), is_signed ? -count : 0.0, count);
  return code * range / count;
}

void Converter::apply(std::span<float> values, float scale) const noexcept {
  if (bits == 0) {
    if (scale == 1.0F) return;
    for (float& value : values) value *= scale;
    return;
  }
  const auto count = static_cast<float>(steps());
  const float low = is_signed ? -count : 0.0F;
  const float to_code = count / static_cast<float>(range);
  const float to_value = scale * static_cast<float>(range) / count;
  // Adding and taking away 1.5 * 2^23 rounds a float of less than 2^22 to the nearest integer,
  // ties to even, in two operations that vectorise everywhere.
  constexpr float kRound = 12582912.0F;
  for (float& value : values) {
    const float code = std::min(std::max(value * to_code, low), count);
    value = ((code + kRound) - kRound) * to_value;
  }
}

}  // namespace memspice::mapping
