#include "stochastic/rows.hpp"

#include <algorithm>
#include <bit>

namespace memspice::stochastic {
namespace {

int bits_of(int value) noexcept {
  return static_cast<int>(std::bit_width(static_cast<unsigned>(value)));
}

}  // namespace

int most_taken(const UnitOptions& unit) {
  const CodeRange weights = weight_range(unit.form, unit.bits);
  const int largest = std::max(weights.high, -weights.low);
  return std::min(unit.parallel, largest);
}

std::vector<int> row_widths(const UnitOptions& unit) {
  const int most = most_taken(unit);
  // The last bit of a block is selected, not counted by a row.
  const int rows = unit.takes_all() ? unit.bits : bits_of(unit.parallel) - 1;
  std::vector<int> widths;
  for (int i = 1; i <= rows; ++i) {
    const int largest = (most + (1 << (i - 1))) >> i;
    if (largest > 0) widths.push_back(bits_of(largest));
  }
  return widths;
}

int selected_bits(const UnitOptions& unit) noexcept {
  if (unit.takes_all()) return 0;
  return std::max(0, unit.bits + 1 - bits_of(unit.parallel));
}

}  // namespace memspice::stochastic
