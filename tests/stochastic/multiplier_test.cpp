// The closed form against the circuit cycle by cycle, for every operand pair.
#include "stochastic/multiplier.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>

#include "base/error.hpp"
#include "stochastic/vector_unit.hpp"

using namespace memspice;
using namespace memspice::stochastic;

namespace {

/// Every activation as a lane of its own.
std::vector<int> all_activations(Form form, int bits) {
  const CodeRange range = activation_range(form, bits);
  std::vector<int> activations;
  for (int x = range.low; x <= range.high; ++x) activations.push_back(x);
  return activations;
}

UnitOptions unit_of(Form form, int bits, int parallel = 1, int lanes = 1) {
  return {.form = form, .bits = bits, .guard_bits = 2, .lanes = lanes, .parallel = parallel};
}

/// Operand pairs whose products in the cycle-accurate unit differ from the closed form, plus
/// weights whose cycles differ from ceil(|w| / parallel), or 1 where that is none.
long count_differences(Form form, int bits, int parallel) {
  const std::vector<int> activations = all_activations(form, bits);
  VectorUnit unit(unit_of(form, bits, parallel, static_cast<int>(activations.size())));
  const CodeRange weights = weight_range(form, bits);
  long differences = 0;
  for (int w = weights.low; w <= weights.high; ++w) {
    unit.reset();
    unit.accumulate(w, activations);
    const int b = parallel == kWholeStream ? 1 << bits : parallel;
    differences += unit.cycles() != std::max(1, (std::abs(w) + b - 1) / b);
    for (std::size_t k = 0; k < activations.size(); ++k) {
      // An unsigned accumulator cannot hold less than nothing; all others have room for one
      // product.
      differences += unit.accumulators()[k] != multiply(form, bits, activations[k], w);
    }
  }
  return differences;
}

}  // namespace

TEST_CASE("The closed form equals the circuit for every operand pair", "[stochastic]") {
  const auto form = GENERATE(Form::Unsigned, Form::Signed, Form::Mixed);
  for (int bits = kLeastBits; bits <= 9; ++bits) CHECK(count_differences(form, bits, 1) == 0);
  CHECK(count_differences(form, 10, 1) == 0);
}

TEST_CASE("Bit-serial equals bit-parallel in ceil(|W| / b) cycles", "[stochastic]") {
  const auto form = GENERATE(Form::Unsigned, Form::Signed, Form::Mixed);
  for (const int parallel : {2, 4, 8, 16, 64, kWholeStream})
    CHECK(count_differences(form, 6, parallel) == 0);
  CHECK(count_differences(form, 8, 8) == 0);
}

TEST_CASE("A product worked by hand", "[stochastic]") {
  // N = 4, U = 0b1010: the stream of cycles 1 .. 16 takes bits 3,2,3,1,3,2,3,0,3,2,3,1,3,2,3,-:
  // 1 0 1 1 1 0 1 0 1 0 1 1 1 0 1 0.
  const std::vector<int> stream{1, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 1, 0};
  int ones = 0;
  for (int k = 1; k <= 16; ++k) {
    CHECK(stream_bit(k, 0b1010, 4) == (stream[static_cast<std::size_t>(k - 1)] == 1));
    ones += stream[static_cast<std::size_t>(k - 1)];
    CHECK(ones_after(k, 0b1010, 4) == ones);
  }
  CHECK(ones == 0b1010);  // a whole stream counts the number itself
  CHECK(multiply(Form::Mixed, 4, 0b1010, -5) == -4);
  CHECK(multiply(Form::Signed, 4, 0b1010 - 8, 5) == 2 * 4 - 5);
}

TEST_CASE("Zero activations give exactly zero in the mixed form alone", "[stochastic]") {
  for (const int bits : {2, 5, 8, 16}) {
    const CodeRange weights = weight_range(Form::Mixed, bits);
    for (int w = weights.low; w <= weights.high; ++w) {
      if (multiply(Form::Mixed, bits, 0, w) != 0) FAIL("bits " << bits << ", weight " << w);
    }
  }
  // The signed form leaves sign(w) for odd |w| and nothing for even |w|.
  for (int w = -128; w <= 127; ++w) {
    const int residue = w % 2 == 0 ? 0 : (w > 0 ? 1 : -1);
    if (multiply(Form::Signed, 8, 0, w) != residue) FAIL("weight " << w);
  }
}

TEST_CASE("A product's error stays within N / 2 + 1 counts of the exact product", "[stochastic]") {
  // Each of the N bits is rounded to the nearest count: at most half a count off, twice that when
  // the signed form counts both ways.
  const int bits = 8;
  for (const Form form : {Form::Unsigned, Form::Mixed, Form::Signed}) {
    const double bound = (form == Form::Signed ? 2.0 : 1.0) * bits / 2.0;
    const CodeRange weights = weight_range(form, bits);
    for (int w = weights.low; w <= weights.high; ++w) {
      for (const int x : all_activations(form, bits)) {
        const double error = multiply(form, bits, x, w) - exact_product(form, bits, x, w);
        if (std::abs(error) > bound) FAIL(to_text(form) << ": " << x << " x " << w);
      }
    }
  }
}

TEST_CASE("Accumulators carry on and saturate at N + A bits", "[stochastic]") {
  const std::vector<int> activations{255, 0, 128};
  VectorUnit unit({.form = Form::Mixed, .bits = 8, .guard_bits = 2, .lanes = 3, .parallel = 4});
  long expected_cycles = 0;
  std::vector<int> expected(3, 0);
  for (const int w : {127, 127, 127, 127, 127, -3, 90, -127, 1}) {
    unit.accumulate(w, activations);
    expected_cycles += (std::abs(w) + 3) / 4;
    for (std::size_t k = 0; k < 3; ++k) {
      expected[k] =
          std::clamp(expected[k] + multiply(Form::Mixed, 8, activations[k], w), -512, 511);
      CHECK(unit.accumulators()[k] == expected[k]);
    }
  }
  CHECK(unit.cycles() == expected_cycles);
  for (int k = 0; k < 6; ++k) unit.accumulate(127, activations);
  CHECK(unit.accumulators()[0] == 511);
  CHECK(unit.accumulators()[1] == 0);
  for (int k = 0; k < 20; ++k) unit.accumulate(-127, activations);
  CHECK(unit.accumulators()[0] == -512);
}

TEST_CASE("Operands that no hardware has are refused", "[stochastic]") {
  CHECK_THROWS_AS(require_bits(1, "bits"), InputError);
  CHECK_THROWS_AS(require_bits(17, "bits"), InputError);
  CHECK_NOTHROW(require_bits(2, "bits"));
  CHECK_NOTHROW(require_bits(16, "bits"));
  CHECK_THROWS_AS(VectorUnit(unit_of(Form::Mixed, 8, 3)), InputError);
  CHECK_THROWS_AS(VectorUnit(unit_of(Form::Mixed, 8, -1)), InputError);
  CHECK_THROWS_AS(VectorUnit(unit_of(Form::Mixed, 4, 32)), InputError);
  CHECK_THROWS_AS(VectorUnit(unit_of(Form::Mixed, 8, 1, 0)), InputError);
}
