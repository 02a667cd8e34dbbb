// Tables of converters against the ideal converter, bit for bit, and against counting.

#include "mapping/converter_table.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "base/random.hpp"

using namespace memspice;
using mapping::AdcTable;
using mapping::Converter;
using mapping::DacTable;

namespace {

/// Ties, their neighbours, values between and beyond the range.
std::vector<float> probes(const Converter& converter) {
  std::vector<float> values{0.0F, -0.0F, 1e-30F, 1e30F, -1e30F};
  const float lsb = converter.step();
  for (int half = -2 * converter.steps() - 5; half <= 2 * converter.steps() + 5; ++half) {
    const float v = 0.5F * static_cast<float>(half) * lsb;
    values.insert(values.end(), {v, std::nextafter(v, 1e9F), std::nextafter(v, -1e9F)});
  }
  RandomStream random(2, "probes");
  for (int k = 0; k < 1000; ++k) {
    values.push_back(static_cast<float>(random.uniform(-1.3, 1.3) * converter.range));
  }
  return values;
}

std::vector<float> ideal(const Converter& converter, std::vector<float> values, float scale) {
  converter.apply(values, scale);
  return values;
}

/// The code of x by counting, a value at a begin going to the even code.
int count_code(int lowest, const Eigen::VectorXd& begins, float x) {
  int code = lowest;
  for (Eigen::Index k = 0; k < begins.size(); ++k) {
    const auto begin = static_cast<float>(begins[k]);
    const bool is_even = (lowest + k + 1) % 2 == 0;
    if (x > begin || (is_even && x == begin)) code = lowest + static_cast<int>(k) + 1;
  }
  return code;
}

}  // namespace

TEST_CASE("an ADC's table of ideal begins is the ideal ADC, to the bit", "[mapping][converter]") {
  for (const int bits : {1, 2, 3, 8, 12, 16}) {
    for (const bool is_signed : {false, true}) {
      for (const double range : {1.0, 1.7, 3.3e-5}) {
        const Converter converter{.bits = bits, .range = range, .is_signed = is_signed};
        const AdcTable table(converter.lowest(), mapping::ideal_begins(converter));
        std::vector<float> found = probes(converter);
        table.apply(converter, {}, found, 3.0F);
        CHECK(found == ideal(converter, probes(converter), 3.0F));
        CHECK(table.codes() == converter.steps() - converter.lowest() + 1);
      }
    }
  }
}

TEST_CASE("an ADC's table finds the last code that begins below", "[mapping][converter]") {
  const Converter converter{.bits = 5, .range = 15.0, .is_signed = true};  // an LSB of 1
  RandomStream random(9, "tables");
  for (const double spread : {0.3, 2.0, 20.0}) {
    Eigen::VectorXd begins = mapping::ideal_begins(converter);
    for (double& begin : begins) begin += spread * random.normal();
    std::sort(begins.begin(), begins.end());
    begins[7] = begins[8] = begins[9];  // two codes are never found
    begins[20] = std::floor(begins[20]);
    std::sort(begins.begin(), begins.end());
    const AdcTable table(converter.lowest(), begins);
    std::vector<float> values = probes(converter);
    for (const double begin : begins) values.push_back(static_cast<float>(begin));
    std::vector<float> found = values;
    table.apply(converter, {}, found, 1.0F);
    for (std::size_t k = 0; k < values.size(); ++k) {
      REQUIRE(found[k] == static_cast<float>(count_code(converter.lowest(), begins, values[k])));
    }
  }
}

TEST_CASE("gain and offset act on an ADC's input", "[mapping][converter]") {
  const Converter converter{.bits = 6, .range = 31.0, .is_signed = true};
  const AdcTable table(converter.lowest(), mapping::ideal_begins(converter));
  // Quarters of an LSB of 1: gain and offset are exact in binary, whatever fuses them.
  std::vector<float> values;
  for (int quarter = -200; quarter <= 200; ++quarter) {
    values.push_back(0.25F * static_cast<float>(quarter));
  }
  std::vector<float> found = values;
  table.apply(converter, {.gain = 1.25, .offset = -3.0}, found, 1.0F);
  for (float& v : values) v = 1.25F * v - 3.0F;
  CHECK(found == ideal(converter, values, 1.0F));
}

TEST_CASE("an ADC's begins must rise within reach", "[mapping][converter]") {
  const auto table = [](Eigen::VectorXd begins) { return AdcTable(0, begins); };
  CHECK_THROWS_AS(table(Eigen::Vector2d(1.0, 0.5)), InputError);
  CHECK_THROWS_AS(table(Eigen::Vector2d(0.0, NAN)), InputError);
  CHECK_THROWS_AS(table(Eigen::Vector2d(0.0, 1e9)), InputError);
  CHECK_THROWS_AS(table(Eigen::VectorXd()), InputError);
  CHECK(table(Eigen::Vector2d(0.5, 0.5)).codes() == 3);
}

TEST_CASE("a DAC's table gives each code its level", "[mapping][converter]") {
  for (const int bits : {1, 2, 8, 12, 16}) {
    for (const bool is_signed : {false, true}) {
      const Converter converter{.bits = bits, .range = 2.7, .is_signed = is_signed};
      const int count = converter.steps() - converter.lowest() + 1;
      const float scale = 0.2F / 2.7F;
      const float lsb = converter.step(scale);
      const std::vector<float> driven = ideal(converter, probes(converter), scale);
      const Eigen::VectorXd codes =
          Eigen::VectorXd::LinSpaced(count, converter.lowest(), converter.steps());
      std::vector<float> found = driven;
      DacTable(converter, lsb, codes).apply(found);
      CHECK(found == driven);
      // A parabola over the codes, whatever rounding to_code takes.
      const Eigen::VectorXd bent = codes.array() + 1e-4 * codes.array().square();
      found = driven;
      DacTable(converter, lsb, bent).apply(found);
      for (std::size_t k = 0; k < driven.size(); ++k) {
        const auto code = static_cast<double>(std::lround(driven[k] / lsb));
        const auto level = static_cast<float>(code + 1e-4 * code * code);
        REQUIRE(found[k] == level * lsb);
      }
    }
  }
}
