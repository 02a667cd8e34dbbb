#include "config/read_mapping.hpp"

#include "config/section.hpp"

namespace memspice::config {

void read_mapping(TomlDocument& flow, FlowOptions& options) {
  Section mapping(flow, "mapping");
  mapping.read({"rows", "word lines of a tile, the bias word line included"},
               options.mapping.rows,
               {.low = 1, .high = 4096});
  mapping.read({"columns", "bit lines of a tile, an even number: two per output"},
               options.mapping.columns,
               {.low = 2, .high = 4096});
  mapping.choose({"scheme", "how weights are laid out; memspice map counts each"},
                 options.mapping.scheme,
                 mapping::kSchemeNames);
  mapping.choose(
      {"weight_scale", "weights that share the conductance window: a layer's, or an output's"},
      options.mapping.weight_scale,
      mapping::kWeightScaleNames);
  mapping.choose({"bias", "one more word line, or added behind the ADCs, exactly"},
                 options.mapping.bias,
                 mapping::kBiasNames);
  mapping.read(
      {"slices", "pairs of cells that hold a weight, a digit of device.levels values each"},
      options.mapping.slices,
      {.low = 1, .high = mapping::kMostSlices});
  mapping.validate([&](const std::string& place) { options.mapping.validate(place); });
}

void read_converters(TomlDocument& flow, FlowOptions& options) {
  mapping::ConverterOptions& converters = options.converters;
  Section section(flow, "converters");
  section.read({"dac_bits", "of a word line's input; 0: ideal"},
               converters.dac_bits,
               {.low = 0, .high = 16});
  section.choose({"input", "the DAC's code in one read, or a bit a read with sums behind the ADCs"},
                 converters.input,
                 mapping::kInputNames);
  section.read({"adc_bits", "of a pair of bit lines; 0: ideal, 1 is refused"},
               converters.adc_bits,
               {.low = 0, .high = 16});
  section.read({"adc_percentile",
                "of |output| on the calibration images: the calibrated range",
                {.range = kPercentileRange}},
               converters.adc_percentile,
               Unit::None);
  section.read({"dac_percentile",
                "of |input| on the calibration images; larger inputs clip",
                {.range = kPercentileRange}},
               converters.dac_percentile,
               Unit::None);
  section.choose({"adc_range",
                  "a percentile of a layer's, tile's or output's currents, or all that rows give"},
                 converters.adc_range,
                 mapping::kAdcRangeNames);
  section.choose({"gain", "behind the ADCs; calibrated makes up for what wires take"},
                 converters.gain,
                 mapping::kGainNames);
  section.validate([&](const std::string& place) { converters.validate(place); });
}

}  // namespace memspice::config
