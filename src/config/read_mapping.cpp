#include "config/read_mapping.hpp"

#include "config/section.hpp"

namespace memspice::config {

void read_mapping(TomlDocument& flow, FlowOptions& options) {
  Section mapping(flow, "mapping");
  mapping.read("rows", options.mapping.rows, {.low = 1, .high = 4096});
  mapping.read("columns", options.mapping.columns, {.low = 2, .high = 4096});
  std::string scheme;
  if (mapping.read("scheme", scheme)) {
    options.mapping.scheme =
        mapping.at("scheme", [&] { return mapping::parse_scheme(scheme, "scheme"); });
  }
  std::string weight_scale;
  if (mapping.read("weight_scale", weight_scale)) {
    options.mapping.weight_scale = mapping.at(
        "weight_scale", [&] { return mapping::parse_weight_scale(weight_scale, "weight_scale"); });
  }
  std::string bias;
  if (mapping.read("bias", bias)) {
    options.mapping.bias = mapping.at("bias", [&] { return mapping::parse_bias(bias, "bias"); });
  }
  mapping.validate([&](const std::string& place) { options.mapping.validate(place); });
}

void read_converters(TomlDocument& flow, FlowOptions& options) {
  mapping::ConverterOptions& converters = options.converters;
  Section section(flow, "converters");
  section.read("dac_bits", converters.dac_bits, {.low = 0, .high = 16});
  section.read("adc_bits", converters.adc_bits, {.low = 0, .high = 16});
  section.read("adc_percentile", converters.adc_percentile, Unit::None);
  section.read("dac_percentile", converters.dac_percentile, Unit::None);
  std::string range;
  if (section.read("adc_range", range)) {
    converters.adc_range =
        section.at("adc_range", [&] { return mapping::parse_adc_range(range, "adc_range"); });
  }
  std::string gain;
  if (section.read("gain", gain)) {
    converters.gain = section.at("gain", [&] { return mapping::parse_gain(gain, "gain"); });
  }
  section.validate([&](const std::string& place) { converters.validate(place); });
}

}  // namespace memspice::config
