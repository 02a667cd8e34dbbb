#include "mapping/converter_options.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice::mapping {
namespace {

void require_bits(std::string_view place, std::string_view key, int bits, int low) {
  if (bits == 0) return;
  if (bits >= low && bits <= 16) return;
  throw InputError({.place = std::string(place) + '.' + std::string(key),
                    .value = std::to_string(bits),
                    .rule = "must be " + std::to_string(low) + " to 16 bits",
                    .remedy = "or 0 for an ideal converter"});
}

void require_percentile(std::string_view place, std::string_view key, double value) {
  if (value > 0.0 && value <= 100.0) return;
  throw InputError({.place = std::string(place) + '.' + std::string(key),
                    .value = memspice::to_text(value),
                    .rule = "must be above 0 and at most 100",
                    .remedy = "100 takes the largest value seen"});
}

}  // namespace

void ConverterOptions::validate(std::string_view place) const {
  require_bits(place, "dac_bits", dac_bits, 1);
  require_bits(place, "adc_bits", adc_bits, 2);
  require_percentile(place, "adc_percentile", adc_percentile);
  require_percentile(place, "dac_percentile", dac_percentile);
}

}  // namespace memspice::mapping
