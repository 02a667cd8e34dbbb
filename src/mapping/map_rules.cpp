#include "mapping/map_rules.hpp"

#include "base/error.hpp"
#include "mapping/cell_span.hpp"
#include "mapping/slices.hpp"

namespace memspice::mapping {
namespace {

/// Slices are digits of as many values as a cell has levels.
void require_digits(const MappingInputs& inputs) {
  const int slices = inputs.options.slices, levels = inputs.window.levels;
  if (slices == 1 || inputs.options.network_levels) return;
  constexpr double kMostSteps = 2147483647.0;
  const int values = digit_values(levels, inputs.options.signs);
  if (levels >= 2 && steps_of_slices(values, slices) <= kMostSteps) return;
  throw InputError({.place = "mapping.slices",
                    .value = std::to_string(slices),
                    .rule = levels == 0
                                ? std::string("cuts weights into digits of as many values as "
                                              "a cell has levels, and device.levels is 0")
                                : std::to_string(levels) + " levels make more than 2^31 "
                                                           "steps of it",
                    .remedy = levels == 0 ? "set device.levels, to 4 or 16 for instance"
                                          : "take fewer slices, or cells of fewer levels"});
}

void require_code(const ConverterOptions& converters) {
  if (converters.input == Input::Parallel || converters.dac_bits > 0) return;
  throw InputError({.place = "converters.input",
                    .value = '"' + std::string(to_text(converters.input)) + '"',
                    .rule = "gives the bits of a DAC's code one after the other, and dac_bits is 0",
                    .remedy = "set converters.dac_bits to 1 or more"});
}

/// Levels on either side of a weight of 0, and tiles that outputs share.
void require_unit_column(const MappingInputs& inputs) {
  if (inputs.options.signs == Signs::Pair) return;
  if (inputs.options.scheme != Scheme::Im2col) {
    throw InputError({.place = "mapping.signed",
                      .value = "\"unit_column\"",
                      .rule = "is for tiles of \"im2col\", and mapping.scheme is \"" +
                              std::string(to_text(inputs.options.scheme)) + '"',
                      .remedy = "set mapping.signed to \"pair\", or map by \"im2col\""});
  }
  if (inputs.window.levels == 0 || inputs.window.levels > 2) return;
  throw InputError({.place = "mapping.signed",
                    .value = "\"unit_column\"",
                    .rule = "asks for levels above and below that of a weight of 0, and "
                            "device.levels is 2",
                    .remedy = "give cells 3 levels or more, or set mapping.signed to \"pair\""});
}

void require_lines(const Options& options) {
  if (options.packing == Packing::None || options.scheme == Scheme::Im2col) return;
  throw InputError({.place = "mapping.packing",
                    .value = '"' + std::string(to_text(options.packing)) + '"',
                    .rule = "lays groups onto crossbars of \"im2col\", and mapping.scheme is \"" +
                            std::string(to_text(options.scheme)) + '"',
                    .remedy = "set mapping.packing to \"none\", or map by \"im2col\""});
}

void require_gain_fits(const MappingInputs& inputs) {
  if (inputs.options.scheme != Scheme::KernelFirst) return;
  if (inputs.converters.gain == Gain::Nominal) return;
  throw InputError({.place = "converters.gain",
                    .value = '"' + std::string(to_text(inputs.converters.gain)) + '"',
                    .rule = "pairs placed kernel first have no wires whose loss it could make up",
                    .remedy = "set it to \"nominal\""});
}

}  // namespace

void require_mappable(const MappingInputs& inputs) {
  require_lines(inputs.options);
  require_unit_column(inputs);
  require_gain_fits(inputs);
  require_digits(inputs);
  require_code(inputs.converters);
}

}  // namespace memspice::mapping
