// What shaped a run's results, for people.

#include "base/units.hpp"
#include "flow/build_report.hpp"
#include "flow/run_flow.hpp"

namespace memspice::flow {
namespace {

std::string bias_of(const mapping::Options& options) {
  return options.bias == mapping::Bias::Digital ? "digital" : "a word line";
}

}  // namespace

std::map<std::string, std::string> settings_of(const config::FlowOptions& options) {
  const auto& array = options.array;
  const auto& device = options.device;
  const auto& converters = options.converters;
  const auto bits = [](int count) {
    return count == 0 ? std::string("ideal") : std::to_string(count) + " bits";
  };
  const std::string tile =
      options.mapping.scheme == mapping::Scheme::KernelFirst
          ? "a summer of " + std::to_string(options.mapping.rows) + " pairs"
          : std::to_string(options.mapping.rows) + " x " + std::to_string(options.mapping.columns);
  const crossbar::Wiring wiring = array_of(options).wiring();
  return {
      {"tile", tile},
      {"scheme", std::string(mapping::to_text(options.mapping.scheme))},
      {"weight scale", "one per " + std::string(mapping::to_text(options.mapping.weight_scale))},
      {"bias", bias_of(options.mapping)},
      {"wire",
       format_quantity(wiring.row, Unit::Ohm) + " row, " +
           format_quantity(wiring.column, Unit::Ohm) + " column"},
      {"driver", format_quantity(array.wiring.driver, Unit::Ohm)},
      {"sense", format_quantity(array.wiring.sense, Unit::Ohm)},
      {"read voltage", format_quantity(array.read_voltage, Unit::Volt)},
      {"window",
       format_quantity(device.window.g_min, Unit::Siemens) + " to " +
           format_quantity(device.window.g_max, Unit::Siemens)},
      {"levels", device.window.levels == 0 ? "continuous" : std::to_string(device.window.levels)},
      {"alpha", format_quantity(device.alpha, Unit::PerVolt)},
      {"DAC", bits(converters.dac_bits)},
      {"ADC",
       bits(converters.adc_bits) + ", " + std::string(mapping::to_text(converters.adc_range)) +
           " range"},
      {"gain", std::string(mapping::to_text(converters.gain))}};
}

std::string title_of(const config::FlowOptions& options) {
  return options.variant.empty() ? options.name : options.name + ": " + options.variant;
}

std::filesystem::path characterization_page(const config::FlowOptions& options) {
  std::error_code ec;
  const bool has_run = std::filesystem::exists(options.out / "results.json", ec);
  return options.out / (has_run ? "characterization.html" : "report.html");
}

}  // namespace memspice::flow
