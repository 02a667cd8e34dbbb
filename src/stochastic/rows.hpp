#pragma once
// What a lane adds up in a cycle that takes r stream bits: one row per bit of the activation,
//
//   ones = sum_{i=1..m} round(r / 2^i) x_{N-i} + x_s          round(y) = floor(y + 1/2)
//
// where x_s is the bit that the last one of a full block of b = 2^m stream bits shows. With the
// whole stream at once r = |W|, no bit is left to select, and this is the closed form P_W(U) of
// multiplier.hpp. Rows depend on the weight alone: a unit rounds them once for all its lanes.

#include <vector>

#include "stochastic/vector_unit.hpp"

namespace memspice::stochastic {

/// The most stream bits that a cycle takes: b, or the largest weight's magnitude.
int most_taken(const UnitOptions& unit);

/// Bits of round(r / 2^i) for i = 1, 2, ..., rows that are always zero left out.
std::vector<int> row_widths(const UnitOptions& unit);

/// Bits of an activation that the last stream bit of a block may show; 0: nothing to select.
int selected_bits(const UnitOptions& unit) noexcept;

}  // namespace memspice::stochastic
