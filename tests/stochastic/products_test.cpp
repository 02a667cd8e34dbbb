// Products that lose bits against their definitions, bit by bit of the array.
#include "stochastic/products.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>

using namespace memspice::stochastic;

namespace {

/// The sum of the array's bits in columns `low` and above.
long columns_from(int low, int x, int w, int bits) {
  long sum = 0;
  for (int i = 0; i < bits; ++i) {
    for (int j = 0; j < bits - 1; ++j) {
      if (i + j >= low && ((x >> i) & 1) && ((w >> j) & 1)) sum += 1L << (i + j);
    }
  }
  return sum;
}

/// Bits in one column.
long bits_in(int column, int x, int w, int bits) {
  return (columns_from(column, x, w, bits) - columns_from(column + 1, x, w, bits)) >> column;
}

struct Errors {
  double mean = 0.0, square = 0.0;
};

/// Of all products of unsigned x and magnitudes w, in units of 2^bits.
Errors errors_of(Product product, int bits) {
  const ProductRule rule = product_rule(product, bits, bits);
  const int weights = 1 << (bits - 1);
  Errors errors;
  for (int x = 0; x < 1 << bits; ++x) {
    for (int w = 0; w < weights; ++w) {
      const double exact = std::ldexp(static_cast<double>(x) * w, -bits);
      const double error = static_cast<double>(multiply_words(rule, x, w)) - exact;
      errors.mean += error;
      errors.square += error * error;
    }
  }
  const double pairs = std::ldexp(1.0, 2 * bits - 1);
  return {errors.mean / pairs, errors.square / pairs};
}

}  // namespace

TEST_CASE("Each product is the sum of the columns that its kind forms", "[stochastic]") {
  for (const int bits : {2, 4, 7}) {
    const ProductRule exact = product_rule(Product::Exact, bits, bits);
    const ProductRule cut = product_rule(Product::Cut, bits, bits);
    const ProductRule truncated = product_rule(Product::Truncated, bits, bits);
    const ProductRule fixed = product_rule(Product::FixedWidth, bits, bits);
    const int base = bits - kept_columns(bits, bits);
    const long half = 1L << (bits - 1);
    long differences = 0;
    for (int x = 0; x < 1 << bits; ++x) {
      for (int w = 1 - (1 << (bits - 1)); w < 1 << (bits - 1); ++w) {
        const int m = std::abs(w);
        const int sign = w < 0 ? -1 : 1;
        differences += multiply_words(exact, x, w) != static_cast<long>(x) * w;
        differences +=
            multiply_words(cut, x, w) != sign * ((static_cast<long>(x) * m + half) >> bits);
        differences += multiply_words(truncated, x, w) !=
                       sign * ((columns_from(base, x, m, bits) + truncated.constant) >> bits);
        differences +=
            multiply_words(fixed, x, w) !=
            sign * ((columns_from(bits, x, m, bits) >> bits) + bits_in(bits - 1, x, m, bits));
      }
    }
    INFO(bits);
    CHECK(differences == 0);
    CHECK(truncated.constant < 2 * half);  // nothing times nothing is nothing
    CHECK((truncated.constant & ((1L << base) - 1)) == 0);
  }
}

TEST_CASE("A fixed-width product is the closed form of a bitstream", "[stochastic]") {
  for (int bits = kLeastBits; bits <= 9; ++bits) {
    const ProductRule rule = product_rule(Product::FixedWidth, bits, bits);
    const CodeRange weights = weight_range(Form::Mixed, bits);
    long differences = 0;
    for (int w = weights.low; w <= weights.high; ++w) {
      for (int x = 0; x < 1 << bits; ++x) {
        differences += multiply_words(rule, x, w) != multiply(Form::Mixed, bits, x, w);
      }
    }
    CHECK(differences == 0);
  }
}

TEST_CASE("What a multiplier forms is what its products are worth", "[stochastic]") {
  // Rounding alone leaves 1/12 of a squared step; whoever leaves out columns errs more, and the
  // constant holds the mean near that of rounding, which is where ties go: 0 to a tenth of a step.
  const Errors cut = errors_of(Product::Cut, 8);
  const Errors truncated = errors_of(Product::Truncated, 8);
  const Errors fixed = errors_of(Product::FixedWidth, 8);
  CHECK(cut.square == Approx(1.0 / 12.0).epsilon(0.05));
  CHECK(cut.square < truncated.square);
  CHECK(truncated.square < fixed.square);
  CHECK(std::abs(cut.mean) < 0.1);
  CHECK(std::abs(truncated.mean) < 0.1);
}
