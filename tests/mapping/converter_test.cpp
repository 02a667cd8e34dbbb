#include "mapping/converter.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

using memspice::mapping::Converter;

TEST_CASE("an unsigned 8-bit converter has 256 codes over its range", "[mapping]") {
  const Converter dac{.bits = 8, .range = 2.0, .is_signed = false};
  const double q = 2.0 / 255.0;
  CHECK(dac.apply(0.0) == 0.0);
  CHECK(dac.apply(2.0) == 2.0);
  CHECK(dac.apply(5.0) == 2.0);
  CHECK(dac.apply(-1.0) == 0.0);
  CHECK(dac.apply(0.6 * q) == Approx(q));
  CHECK(dac.apply(0.4 * q) == 0.0);
}

TEST_CASE("a signed converter is symmetric and keeps zero", "[mapping]") {
  const Converter adc{.bits = 4, .range = 7.0, .is_signed = true};  // codes -7 .. 7, q = 1
  CHECK(adc.apply(0.0) == 0.0);
  CHECK(adc.apply(3.4) == Approx(3.0));
  CHECK(adc.apply(-3.4) == Approx(-3.0));
  CHECK(adc.apply(100.0) == Approx(7.0));
  CHECK(adc.apply(-100.0) == Approx(-7.0));
}

TEST_CASE("one signed bit still carries three codes", "[mapping]") {
  const Converter dac{.bits = 1, .range = 1.0, .is_signed = true};
  CHECK(dac.apply(0.9) == 1.0);
  CHECK(dac.apply(0.1) == 0.0);
  CHECK(dac.apply(-0.9) == -1.0);
}

TEST_CASE("0 bits neither round nor clip", "[mapping]") {
  const Converter ideal{.bits = 0, .range = 1.0, .is_signed = false};
  CHECK(ideal.apply(-3.14159) == -3.14159);
}

TEST_CASE("the vector form equals the scalar form times its scale", "[mapping]") {
  for (const int bits : {0, 1, 3, 8, 12, 16}) {
    for (const bool is_signed : {false, true}) {
      const Converter converter{.bits = bits, .range = 1.7, .is_signed = is_signed};
      std::vector<float> values;
      for (int k = -400; k <= 400; ++k) values.push_back(static_cast<float>(k) * 0.00731F);
      std::vector<float> converted = values;
      converter.apply(converted, 3.0F);
      const double q = bits == 0 ? 0.0 : 1.7 / converter.steps();
      for (std::size_t k = 0; k < values.size(); ++k) {
        const double exact = 3.0 * converter.apply(values[k]);
        // Single precision may fall to the other side of a tie between two codes, where both are
        // half a step away: then the value itself must be within rounding of the tie.
        const double distance = std::abs(converted[k] - exact);
        if (bits > 0 && distance > 3.0 * q * 0.5) {
          const double code = values[k] / q;
          CHECK(std::abs(std::abs(code - std::floor(code)) - 0.5) < 1e-2);
        } else {
          CHECK(distance < 3e-6 * (1.0 + std::abs(exact)));
        }
      }
    }
  }
}
