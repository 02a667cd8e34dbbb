#include "spectral/digital_cost.hpp"

#include <algorithm>

namespace memspice::spectral {

DigitalCost& DigitalCost::operator+=(const DigitalCost& other) noexcept {
  energy_arithmetic += other.energy_arithmetic;
  energy_words += other.energy_words;
  latency += other.latency;
  return *this;
}

DigitalCost price(const Counts& counts, const DigitalCard& card, int lanes) {
  const std::int64_t steps = std::max(counts.multiplications, counts.additions);
  const std::int64_t cycles = (steps + lanes - 1) / lanes;
  return {.energy_arithmetic = static_cast<double>(counts.multiplications) * card.multiply.value +
                               static_cast<double>(counts.additions) * card.add.value,
          .energy_words = static_cast<double>(counts.words()) * card.word.value,
          .latency = static_cast<double>(cycles) / card.clock.value};
}

double unit_area(const DigitalCard& card, int lanes) noexcept {
  return lanes * (card.multiplier_area.value + card.adder_area.value);
}

}  // namespace memspice::spectral
