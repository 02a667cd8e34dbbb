#include "config/read_mapping.hpp"

#include "base/text.hpp"
#include "config/inner_table.hpp"
#include "config/section.hpp"

namespace memspice::config {
namespace {

constexpr int kMostLadderBits = 12;  // that the generated circuits have

/// A spread of 0 to `most`.
void read_spread(Section& section, const Key& key, double& value, double most) {
  Key bounded = key;
  const std::string range = "0 to " + to_text(most);
  bounded.text.range = range;
  if (!section.read(bounded, value, Unit::None)) return;
  if (value >= 0.0 && value <= most) return;
  section.reject(key.name, "must be " + range, "0 leaves the converters ideal in this");
}

/// `kind`: "adc" or "dac".
void read_spreads(Section& section, const std::string& kind, study::ConverterSpread& spread) {
  const std::string each = kind == "adc" ? "ADC" : "DAC";
  read_spread(
      section,
      {kind + "_mismatch", "spread of each resistor in the " + each + "s' ladders, relative"},
      spread.mismatch,
      0.2);
  read_spread(section,
              {kind + "_offset", "spread of the " + each + "s' offsets, LSB"},
              spread.offset,
              1000);
  read_spread(section,
              {kind + "_gain_error", "spread of the " + each + "s' gains, relative"},
              spread.gain_error,
              0.5);
}

void require_ladder(const Section& section, const std::string& kind, double mismatch, int bits) {
  if (mismatch == 0.0 || bits <= kMostLadderBits) return;
  section.reject(kind + "_mismatch",
                 "needs a ladder, and ladders have 12 bits at most: " + kind + "_bits is " +
                     std::to_string(bits),
                 "lower " + kind + "_bits, or leave it out");
}

void read_converter_errors(Section& section, FlowOptions& options) {
  study::ConverterErrorOptions& errors = options.converter_errors;
  read_spreads(section, "adc", errors.adc);
  read_spread(section,
              {"adc_noise", "at each read of an ADC, root mean square at its input, LSB"},
              errors.adc_noise,
              1000);
  read_spreads(section, "dac", errors.dac);
  section.choose({"ladders",
                  "how the levels of ladders with mismatch are found: nodal analysis, or the "
                  "converters' whole circuits in ngspice"},
                 errors.ladders,
                 study::kLaddersNames);
  require_ladder(section, "adc", errors.adc.mismatch, options.converters.adc_bits);
  require_ladder(section, "dac", errors.dac.mismatch, options.converters.dac_bits);
  if (!errors.of_dacs()) return;
  if (!options.periphery.in_network.contains(study::PeripheryPart::Converters)) return;
  section.reject(errors.dac.mismatch > 0.0 ? "dac_mismatch"
                 : errors.dac.offset > 0.0 ? "dac_offset"
                                           : "dac_gain_error",
                 "says what periphery.in_network's converters say too: how DACs are off",
                 "leave one of the two out");
}

/// Keys "TABLE.NAME" of [mapping], one per layer that differs; names are checked against the
/// network later.
void read_of_layers(Section& section,
                    const std::string& table,
                    const char* meaning,
                    int least,
                    std::map<std::string, int>& of_layers) {
  for (const std::string& layer : names_within(section, table)) {
    section.read({table + '.' + layer, meaning, {.standard = "as all others"}},
                 of_layers[layer],
                 {.low = least, .high = 4096});
  }
}

/// Keys "input_range.NAME" of [converters]: of layers that learned what their DACs cover.
void read_input_ranges(Section& section, std::map<std::string, double>& ranges) {
  const std::string table = "input_range";
  for (const std::string& layer : names_within(section, table)) {
    section.read({table + '.' + layer,
                  "of |input|, what drives the read voltage; larger ones clip",
                  {.standard = "dac_percentile"}},
                 ranges[layer],
                 Unit::None,
                 Bound::Positive);
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
  mapping.read({"columns", "bit lines of a tile; of pairs an even number: two per output"},
               options.mapping.columns,
               {.low = 2, .high = 4096});
  mapping.choose({"scheme", "how weights are laid out; memspice map counts each"},
                 options.mapping.scheme,
                 mapping::kSchemeNames);
  mapping.choose({"signed",
                  "a weight's sign: a pair of cells, or one cell beside a column of the tile that "
                  "stands for a weight of 0"},
                 options.mapping.signs,
                 mapping::kSignsNames);
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
  mapping.choose({"packing",
                  "groups of a grouped convolution, as each channel of a depthwise one is: each on "
                  "crossbars of its own, or as many on one as it has lines for"},
                 options.mapping.packing,
                 mapping::kPackingNames);
  mapping.read({"outputs_per_adc",
                "of a tile, that take turns at one ADC",
                {.standard = "the technology's"}},
               options.mapping.outputs_per_adc,
               {.low = 1, .high = mapping::kMostOutputsPerAdc});
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
  read_input_ranges(section, converters.input_range);
  require_input_resistance(flow, section, converters);
  read_converter_errors(section, options);
  section.validate([&](const std::string& place) { converters.validate(place); });
}

}  // namespace memspice::config
