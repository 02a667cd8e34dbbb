// What shaped a run's results, for people.

#include "base/units.hpp"
#include "flow/build_report.hpp"
#include "flow/run_flow.hpp"

namespace memspice::flow {
namespace {

std::string bias_of(const mapping::Options& options) {
  constexpr Names<3> words{"a word line", "digital", "a word line of each row tile"};
  return std::string(memspice::name_of(words, options.bias));
}

std::string levels_of(const mapping::Options& mapping, const device::ConductanceWindow& window) {
  const std::string own = window.levels == 0 ? "continuous" : std::to_string(window.levels);
  const std::string levels = mapping.network_levels ? "the network's, else " + own : own;
  return mapping.slices == 1 ? levels
                             : levels + ", " + std::to_string(mapping.slices) + " digits a weight";
}

std::string tile_of(const mapping::Options& mapping) {
  const std::string rows = std::to_string(mapping.rows);
  return mapping.scheme == mapping::Scheme::KernelFirst
             ? "a summer of " + rows + " pairs"
             : rows + " x " + std::to_string(mapping.columns) +
                   (mapping.layer_rows.empty() && mapping.layer_columns.empty()
                        ? ""
                        : ", of some layers others");
}

std::string scheme_of(const mapping::Options& mapping) {
  return std::string(mapping::to_text(mapping.scheme)) +
         (mapping.packing == mapping::Packing::None ? "" : ", groups share crossbars");
}

std::string weights_of(const mapping::Options& mapping) {
  const std::string scale = "one per " + std::string(mapping::to_text(mapping.weight_scale));
  return mapping.signs == mapping::Signs::Pair ? scale : scale + ", beside a unit column";
}

std::string bits(int count) {
  return count == 0 ? std::string("ideal") : std::to_string(count) + " bits";
}

std::string wires_of(const crossbar::Wiring& wiring) {
  return format_quantity(wiring.row, Unit::Ohm) + " row, " +
         format_quantity(wiring.column, Unit::Ohm) + " column";
}

std::string window_of(const device::ConductanceWindow& window) {
  return format_quantity(window.g_min, Unit::Siemens) + " to " +
         format_quantity(window.g_max, Unit::Siemens);
}

std::string dac_of(const mapping::ConverterOptions& converters) {
  const bool in_turn = converters.input == mapping::Input::BitSerial;
  return bits(converters.dac_bits) + (in_turn ? ", one a read" : "");
}

std::string ends_of(mapping::Readout readout) {
  return readout == mapping::Readout::Differential ? ", an input of a difference amplifier" : "";
}

std::string adc_of(const mapping::ConverterOptions& converters) {
  return bits(converters.adc_bits) + ", " + std::string(mapping::to_text(converters.adc_range)) +
         " range";
}

}  // namespace

std::map<std::string, std::string> settings_of(const mapping::Options& mapping,
                                               const mapping::ConverterOptions& converters,
                                               const device::ConductanceWindow& window,
                                               const tile::Array& array) {
  const crossbar::Wiring& wiring = array.wiring();
  return {{"tile", tile_of(mapping)},
          {"scheme", scheme_of(mapping)},
          {"weight scale", weights_of(mapping)},
          {"bias", bias_of(mapping)},
          {"wire", wires_of(wiring)},
          {"driver", format_quantity(wiring.driver, Unit::Ohm)},
          {"sense", format_quantity(wiring.sense, Unit::Ohm) + ends_of(converters.readout)},
          {"read voltage", format_quantity(array.spec().read_voltage, Unit::Volt)},
          {"window", window_of(window)},
          {"levels", levels_of(mapping, window)},
          {"alpha", format_quantity(array.spec().alpha, Unit::PerVolt)},
          {"DAC", dac_of(converters)},
          {"ADC", adc_of(converters)},
          {"gain", std::string(mapping::to_text(converters.gain))}};
}

std::string title_of(const std::string& flow, const std::string& variant) {
  return variant.empty() ? flow : flow + ": " + variant;
}

std::filesystem::path characterization_page(const std::filesystem::path& folder) {
  std::error_code ec;
  const bool has_run = std::filesystem::exists(folder / "results.json", ec);
  return folder / (has_run ? "characterization.html" : "report.html");
}

std::string name_of(const network::DatasetOptions& data) {
  if (data.kind != "image_pairs") return data.images.filename().string();
  return (data.folder.filename() / data.images).string();
}

}  // namespace memspice::flow
