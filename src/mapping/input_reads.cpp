#include "mapping/input_reads.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace memspice::mapping {
namespace {

/// U where bit k of the DAC's code is 1, with the input's sign, else 0 V.
void take_bit(const Converter& dac, int k, float read_voltage, std::vector<float>& values) {
  const auto count = static_cast<float>(dac.steps());
  const float to_code = count / static_cast<float>(dac.range);
  const float low = dac.is_signed ? -count : 0.0F;
  for (float& value : values) {
    const float code = std::clamp(std::nearbyint(value * to_code), low, count);
    const bool is_set = (static_cast<int>(std::abs(code)) >> k & 1) != 0;
    value = is_set ? std::copysign(read_voltage, code) : 0.0F;
  }
}

}  // namespace

Converter input_converter(const TilePlan& plan, const LayerPlan& layer) {
  return {.bits = plan.converters.dac_bits, .range = layer.x_max, .is_signed = layer.signed_input};
}

network::Tensor to_voltages(const TilePlan& plan,
                            const LayerPlan& layer,
                            const network::Tensor& input) {
  network::Tensor voltages = input;
  input_converter(plan, layer)
      .apply(voltages.data, static_cast<float>(plan.read_voltage / layer.x_max));
  return voltages;
}

int reads_per_vector(const ConverterOptions& converters, bool signed_input) {
  if (converters.input == Input::Parallel) return 1;
  const Converter dac{.bits = converters.dac_bits, .is_signed = signed_input};
  return std::bit_width(static_cast<unsigned>(dac.steps()));
}

InputRead input_read(const TilePlan& plan,
                     const LayerPlan& layer,
                     const network::Tensor& input,
                     int k) {
  if (plan.converters.input == Input::Parallel) return {to_voltages(plan, layer, input)};
  const Converter dac = input_converter(plan, layer);
  InputRead read{input, std::ldexp(1.0F, k) / static_cast<float>(dac.steps())};
  take_bit(dac, k, static_cast<float>(plan.read_voltage), read.voltages.data);
  return read;
}

}  // namespace memspice::mapping
