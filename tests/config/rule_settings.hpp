#pragma once
// What a flow sets to make each choice of config/rules.cpp, and to make two of them together.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "config/flow_options.hpp"

namespace memspice::testing {

inline const std::string kOwnCell =
    std::string(MEMSPICE_ROOT_DIR) + "/flows/examples/sinh_drift/example.toml";

/// What a flow sets to make each choice, in the table's order. A setting whose key is set already
/// stays as it is: it is what the choice needs beside itself.
inline const std::vector<std::pair<std::string, config::Overrides>> kSettings{
    {"[fidelity] \"spice\"", {"fidelity.default=spice"}},
    {"[fidelity] \"exact\"", {"fidelity.default=exact"}},
    {"fidelity.default = \"float\"", {"fidelity.default=float"}},
    {"path.default = (no layer on crossbars)", {"path.default=float"}},
    {"periphery.in_network", {"periphery.in_network=readout"}},
    {"array.pairs = \"shared_bit_line\"", {"array.pairs=shared_bit_line"}},
    {"array.source_line = \"separate\"",
     {"array.source_line=separate", "array.topology=1t1r", "array.input=pulses"}},
    {"array.topology = \"1r\"", {"array.topology=1r"}},
    {"array.topology = \"1t1r\"", {"array.topology=1t1r"}},
    {"array.topology = \"1s1r\"", {"array.topology=1s1r", "array.input=amplitude"}},
    {"array.input = \"amplitude\"", {"array.input=amplitude"}},
    {"array.input = \"pulses\"", {"array.input=pulses"}},
    {"converters.gain = \"calibrated\"", {"converters.gain=calibrated"}},
    {"converters.dac_bits = 0", {"converters.dac_bits=0"}},
    {"converters.adc_bits = 0", {"converters.adc_bits=0"}},
    {"mapping.scheme = \"kernel_first\"", {"mapping.scheme=kernel_first"}},
    {"mapping.scheme = \"subimage\"", {"mapping.scheme=subimage"}},
    {"mapping.scheme = \"full_depth\"", {"mapping.scheme=full_depth"}},
    {"mapping.weight_scale = \"output\"", {"mapping.weight_scale=output"}},
    {"mapping.bias = \"digital\"", {"mapping.bias=digital"}},
    {"programming.scheme = \"v/2 or v/3\"",
     {"programming.scheme=v/2",
      "programming.model=stanford_rram",
      "programming.card=hfox_jiang_2014",
      "device.g_min=5 uS",
      "device.g_max=50 uS"}},
    {"programming.scheme = \"1t1r\"",
     {"programming.scheme=1t1r",
      "programming.model=stanford_rram",
      "programming.card=hfox_jiang_2014",
      "device.g_min=5 uS",
      "device.g_max=50 uS"}},
    {"[nonideality]", {"nonideality.device_to_device.sigma=0.1"}},
    {"device.model = (a user's own subcircuit)",
     {"device.model=sinh_drift", "device.card=" + kOwnCell}},
    {"[path] \"bitstream\"", {"path.fc=bitstream"}},
    {"[path] \"spectral\"", {"path.conv=spectral"}},
    {"characterize.scope = \"network\"", {"characterize.scope=network"}},
    {"data.kind = \"image_pairs\"",
     {"data.kind=image_pairs", "data.slices=4-5", "data.calibration_slices=0-3"}},
    {"verify.images", {"verify.images=2"}},
    {"mapping.slices", {"mapping.slices=2", "device.levels=4"}},
    {"converters.input = \"bit_serial\"", {"converters.input=bit_serial"}},
    {"converters.readout = \"differential\"",
     {"converters.readout=differential", "array.sense=1 kOhm"}},
    {"mapping.bias = \"each_tile\"", {"mapping.bias=each_tile"}},
    {"[converters] (errors of ADCs)", {"converters.adc_offset=1e-6"}},
    {"[converters] (errors of DACs)", {"converters.dac_offset=1e-6"}},
    {"mapping.packing = \"block_diagonal\"", {"mapping.packing=block_diagonal"}},
    {"mapping.signed = \"unit_column\"", {"mapping.signed=unit_column"}},
};

inline std::string key_of(const std::string& assignment) {
  return assignment.substr(0, assignment.find('='));
}

/// Both choices' own settings, then what they need where neither has set it. Of one key only the
/// fidelities go together: a layer's own beside the default.
inline config::Overrides settings_of(std::size_t a, std::size_t b) {
  config::Overrides settings{kSettings[a].second.front(), kSettings[b].second.front()};
  if (key_of(settings[0]) == key_of(settings[1])) {
    settings[0] = "fidelity.fc=" + settings[0].substr(settings[0].find('=') + 1);
  }
  for (const std::size_t choice : {a, b}) {
    for (const std::string& more : kSettings[choice].second) {
      const bool is_set = std::any_of(settings.begin(), settings.end(), [&](const auto& set) {
        return key_of(set) == key_of(more);
      });
      if (!is_set) settings.push_back(more);
    }
  }
  return settings;
}

}  // namespace memspice::testing
