#include "mapping/converter.hpp"

#include <algorithm>
#include <cmath>

#include "network/vector_kernels.hpp"

namespace memspice::mapping {

int Converter::steps() const noexcept {
  if (bits == 0) return 0;
  // A signed converter of 1 bit has the codes -1, 0, 1: the least that can carry a sign.
  return is_signed ? std::max(1, (1 << (bits - 1)) - 1) : (1 << bits) - 1;
}

int Converter::lowest() const noexcept {
  return is_signed ? -steps() : 0;
}

float Converter::step(float scale) const noexcept {
  return scale * static_cast<float>(range) / static_cast<float>(steps());
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
  network::round_to_codes({.to_code = count / static_cast<float>(range),
                           .low = is_signed ? -count : 0.0F,
                           .high = count,
                           .to_value = step(scale)},
                          values);
}

}  // namespace memspice::mapping
