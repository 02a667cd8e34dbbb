#include "config/read_mapping.hpp"

#include "config/section.hpp"

namespace memspice::config {

namespace {

/// Keys "TABLE.NAME" of [mapping], one per layer that differs; names are checked against the
/// network later.
void read_of_layers(Section& section,
                    const std::string& table,
                    const char* meaning,
                    int least,
                    std::map<std::string, int>& of_layers) {
  for (const std::string& key : section.unread_keys()) {
    if (!key.starts_with(table + '.')) continue;
    section.read({key, meaning, {.standard = "as all others"}},
                 of_layers[key.substr(table.size() + 1)],
                 {.low = least, .high = 4096});
  }
}

/// A technology's sense resistance is that of a virtual ground.
void require_input_resistance(const TomlDocument& flow,
                              const Section& section,
                              const mapping::ConverterOptions& converters) {
  if (converters.readout == mapping::Readout::VirtualGround) return;
  if (flow.peek("array", "sense") != nullptr) return;
  section.reject("readout",
                 "needs the input resistance of its amplifiers, in array.sense",
                 "set array.sense, to \"1 kOhm\" for instance");
}

}  // namespace

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
  mapping.choose(
      {"bias",
       "one more word line, added behind the ADCs exactly, or a share of it on a word line "
       "of each row tile"},
      options.mapping.bias,
      mapping::kBiasNames);
  mapping.read(
      {"slices", "pairs of cells that hold a weight, a digit of device.levels values each"},
      options.mapping.slices,
      {.low = 1, .high = mapping::kMostSlices});
  read_of_layers(
      mapping, "layer_rows", "word lines of one layer's tiles", 1, options.mapping.layer_rows);
  read_of_layers(
      mapping, "layer_columns", "bit lines of one layer's tiles", 2, options.mapping.layer_columns);
  mapping.validate([&](const std::string& place) { options.mapping.validate(place); });
}

void read_converters(TomlDocument& flow, FlowOptions& options) {
  mapping::ConverterOptions& converters = options.converters;
  Section section(flow, "converters");
  section.read({"dac_bits", "of a word line's input; 0: ideal"},
               converters.dac_bits,
               {.low = 0, .high = 16});
  section.choose(
      {"readout",
       "of a pair: each line held at 0 V, or both at the inputs of a difference amplifier, "
       "array.sense each"},
      converters.readout,
      mapping::kReadoutNames);
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
  require_input_resistance(flow, section, converters);
  section.validate([&](const std::string& place) { converters.validate(place); });
}

}  // namespace memspice::config
