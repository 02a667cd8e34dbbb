#include "mapping/input_reads.hpp"

#include <catch2/catch.hpp>

#include "base/random.hpp"

using namespace memspice;
using mapping::Input;

namespace {

mapping::TilePlan with_converters(int dac_bits, Input input) {
  mapping::TilePlan plan;
  plan.converters.dac_bits = dac_bits;
  plan.converters.input = input;
  plan.read_voltage = 0.2;
  return plan;
}

mapping::LayerPlan driven_to(double x_max, bool is_signed) {
  mapping::LayerPlan layer;
  layer.x_max = x_max;
  layer.signed_input = is_signed;
  return layer;
}

}  // namespace

TEST_CASE("an input takes a read for each bit above its sign", "[mapping][bit_serial]") {
  const auto reads = [](int bits, bool is_signed, Input input) {
    return mapping::reads_per_vector(with_converters(bits, input).converters, is_signed);
  };
  CHECK(reads(8, false, Input::Parallel) == 1);
  CHECK(reads(8, false, Input::BitSerial) == 8);
  CHECK(reads(8, true, Input::BitSerial) == 7);
  CHECK(reads(16, false, Input::BitSerial) == 16);
  CHECK(reads(1, false, Input::BitSerial) == 1);
  CHECK(reads(1, true, Input::BitSerial) == 1);  // -1, 0, 1
}

TEST_CASE("bits are whole voltages with the input's sign", "[mapping][bit_serial]") {
  // 4 signed bits: 7 steps of 2. 10 is code 5 = 101b; -6 is code -3 = 011b; 100 clips to 7.
  const mapping::TilePlan plan = with_converters(4, Input::BitSerial);
  const mapping::LayerPlan layer = driven_to(14.0, true);
  const network::Tensor x({1, 4}, {10.0F, -6.0F, 100.0F, 0.9F});
  const std::vector<float> expected[3] = {
      {0.2F, -0.2F, 0.2F, 0.0F}, {0.0F, -0.2F, 0.2F, 0.0F}, {0.2F, 0.0F, 0.2F, 0.0F}};
  for (int k = 0; k < 3; ++k) {
    const mapping::InputRead read = mapping::input_read(plan, layer, x, k);
    CHECK(read.voltages.data == expected[k]);
    CHECK(read.weight == Approx((1 << k) / 7.0));
  }
}

TEST_CASE("the weighted reads of an input add up to its voltage", "[mapping][bit_serial]") {
  RandomStream random(5, "bits");
  network::Tensor x({1, 500});
  for (float& value : x.data) value = static_cast<float>(random.uniform(-1.3, 1.3));
  for (const int bits : {1, 2, 5, 8, 16}) {
    for (const bool is_signed : {false, true}) {
      const mapping::LayerPlan layer = driven_to(1.1, is_signed);
      const mapping::TilePlan plan = with_converters(bits, Input::BitSerial);
      const auto whole = to_voltages(with_converters(bits, Input::Parallel), layer, x);
      std::vector<float> sum(500, 0.0F);
      const int reads = mapping::reads_per_vector(plan.converters, is_signed);
      for (int k = 0; k < reads; ++k) {
        const mapping::InputRead read = mapping::input_read(plan, layer, x, k);
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += read.weight * read.voltages.data[i];
      }
      // At most 16 products and sums of floats below 0.2 V.
      for (std::size_t i = 0; i < sum.size(); ++i)
        CHECK(sum[i] == Approx(whole.data[i]).margin(4e-7));
    }
  }
}

TEST_CASE("a plan behind ideal converters reads each vector once", "[mapping][bit_serial]") {
  mapping::TilePlan plan = with_converters(8, Input::BitSerial);
  plan.layers = {driven_to(1.0, false), driven_to(1.0, true)};
  plan.layers[0].vectors_per_image = 80;
  plan.layers[1].vectors_per_image = 70;
  const mapping::TilePlan ideal = mapping::with_ideal_converters(plan);
  CHECK(ideal.layers[0].vectors_per_image == 10);
  CHECK(ideal.layers[1].vectors_per_image == 10);
  CHECK(mapping::reads_per_vector(ideal.converters, true) == 1);
  CHECK(ideal.converters.adc_bits == 0);
}
