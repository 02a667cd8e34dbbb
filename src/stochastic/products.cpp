#include "stochastic/products.hpp"

#include <algorithm>
#include <cstdlib>

namespace memspice::stochastic {
namespace {

/// A half of the last place and the mean of what columns below s - k hold, in whole steps of
/// 2^(s-k): each of their bits is one in a quarter of all cases.
std::int64_t correction(int scale_bits, int weight_bits, int kept) {
  const int columns = scale_bits - kept;
  std::int64_t quarters = 0;
  for (int column = 0; column < columns; ++column) {
    quarters += static_cast<std::int64_t>(std::min(column + 1, weight_bits - 1)) << column;
  }
  const std::int64_t wanted = quarters + (std::int64_t{4} << (scale_bits - 1));
  const std::int64_t step = std::int64_t{4} << columns;
  return (wanted + step / 2) / step << columns;
}

/// The first bit of the activation that row j adds.
int lowest_bit(Product product, int row, int scale_bits, int weight_bits) {
  switch (product) {
    case Product::Exact:
    case Product::Cut:
      return 0;
    case Product::Truncated:
      return std::max(0, scale_bits - kept_columns(scale_bits, weight_bits) - row);
    case Product::FixedWidth:
      return std::max(0, scale_bits - 1 - row);
  }
  return 0;
}

}  // namespace

int kept_columns(int scale_bits, int weight_bits) {
  int kept = 1;
  while (kept < scale_bits && correction(scale_bits, weight_bits, kept) >> scale_bits > 0) ++kept;
  return kept;
}

ProductRule product_rule(Product product, int scale_bits, int weight_bits) {
  ProductRule rule{.shift = product == Product::Exact ? 0 : scale_bits};
  if (product == Product::Cut) rule.constant = std::int64_t{1} << (scale_bits - 1);
  if (product == Product::Truncated) {
    rule.constant = correction(scale_bits, weight_bits, kept_columns(scale_bits, weight_bits));
  }
  for (int j = 0; j < weight_bits - 1; ++j) {
    const auto row = static_cast<std::size_t>(j);
    const int lowest = lowest_bit(product, j, scale_bits, weight_bits);
    if (product == Product::FixedWidth) {
      // Column s - 1 counts twice: its bit is added once more, and what lies below column s goes.
      rule.add[row] = 1 << lowest;
      rule.keep[row] = -(1 << (lowest + 1));
    } else {
      rule.keep[row] = -(1 << lowest);
    }
  }
  return rule;
}

std::int64_t multiply_words(const ProductRule& rule, int activation, int weight) noexcept {
  const std::int64_t x = std::abs(activation);
  std::int64_t sum = rule.constant;
  for (std::size_t j = 0; j < kMostBits; ++j) {
    if ((std::abs(weight) >> j) & 1) sum += ((x + rule.add[j]) & rule.keep[j]) << j;
  }
  sum >>= rule.shift;
  return (activation < 0) != (weight < 0) ? -sum : sum;
}

std::vector<int> product_rows(Product product, int bits, int weight_bits) {
  std::vector<int> rows;
  for (int j = 0; j < weight_bits - 1; ++j) {
    rows.push_back(bits - lowest_bit(product, j, bits, weight_bits));
  }
  return rows;
}

}  // namespace memspice::stochastic
