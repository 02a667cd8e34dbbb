#pragma once
// Products of fixed-point multipliers: a magnitude |w| of n - 1 bits selects rows of |x|, whose sum
//
//   exact        sum_j w_j |x| 2^j
//   cut          the same, rounded: (sum + 2^(s-1)) >> s
//   truncated    columns below s - k are never formed; a constant stands for their mean and rounds
//                (Schulte, Swartzlander, VLSI Signal Processing VI, 1993). k: the fewest columns
//                with which the constant alone is no product
//   fixed-width  columns below s are never formed; those of column s - 1 are added to column s,
//                which stands for all below (King, Swartzlander, Asilomar 1997)
//
// is given the product's sign. s = N - 1 for signed activations, else N. Exact sums are in units of
// word_step, the others in those of result_step (layer_codes.hpp), 2^s times as much.
//
// A fixed-width product is sum_j w_j floor(|x| / 2^(s-j) + 1/2), and with the two operands' roles
// exchanged sum_i x_{s-i} floor(|w| / 2^i + 1/2) = P_|w|(|x|), the closed form of a bitstream
// product: both add the same bits.

#include <array>
#include <cstdint>
#include <vector>

#include "base/names.hpp"
#include "stochastic/multiplier.hpp"

namespace memspice::stochastic {

enum class Product { Exact, Cut, Truncated, FixedWidth };
inline constexpr Names<4> kProductNames{"exact", "cut", "truncated", "fixed-width"};

/// Row j adds ((|x| + add[j]) & keep[j]) << j where bit j of |w| is one; the sum with `constant`
/// loses `shift` bits.
struct ProductRule {
  int shift = 0;
  std::int64_t constant = 0;
  std::array<std::int32_t, kMostBits> add = {}, keep = {};
};
/// scale_bits: s; weight_bits: n.
ProductRule product_rule(Product product, int scale_bits, int weight_bits);

/// One product.
std::int64_t multiply_words(const ProductRule& rule, int activation, int weight) noexcept;

/// k of a truncated multiplier.
int kept_columns(int scale_bits, int weight_bits);

/// Bits of the activation that each row adds, for unsigned activations (s = N).
std::vector<int> product_rows(Product product, int bits, int weight_bits);

}  // namespace memspice::stochastic
