#include "config/choices.hpp"

#include <algorithm>

namespace memspice::config {
namespace {

using simulate::Fidelity;
using study::LayerPath;

bool runs_at(const FlowOptions& options, Fidelity fidelity) {
  return options.fidelity.standard == fidelity ||
         std::ranges::any_of(options.fidelity.layers,
                             [&](const auto& layer) { return layer.second == fidelity; });
}

/// As far as the flow tells: Fastest is chosen where the network is known.
bool runs_off_crossbars(const FlowOptions& options) {
  return !options.path.has(LayerPath::Crossbar) && !options.path.has(LayerPath::Fastest);
}

bool is_separate(const FlowOptions& options) {
  return options.array.source_line == crossbar::SourceLine::AlongBitLine;
}

bool is_shared(const FlowOptions& options) {
  return options.array.pairs == crossbar::PairLayout::SharedBitLine;
}

bool programs_through_gates(const FlowOptions& options) {
  return options.programming.scheme == crossbar::BiasScheme::Gated;
}

}  // namespace

const std::array<Choice, 37> kChoices{{
    Choice{
        "fidelity", "", "spice", [](const FlowOptions& o) { return runs_at(o, Fidelity::Spice); }},
    Choice{
        "fidelity", "", "exact", [](const FlowOptions& o) { return runs_at(o, Fidelity::Exact); }},
    Choice{"fidelity",
           "default",
           "float",
           [](const FlowOptions& o) { return o.fidelity.standard == Fidelity::Float; }},
    Choice{"path", "default", "(no layer on crossbars)", runs_off_crossbars},
    Choice{"periphery",
           "in_network",
           "",
           [](const FlowOptions& o) { return !o.periphery.in_network.empty(); }},
    Choice{"array", "pairs", "shared_bit_line", is_shared},
    Choice{"array", "source_line", "separate", is_separate},
    Choice{
        "array", "topology", "1r", [](const FlowOptions& o) { return o.array.topology == "1r"; }},
    Choice{"array",
           "topology",
           "1t1r",
           [](const FlowOptions& o) { return o.array.topology == "1t1r"; }},
    Choice{"array",
           "topology",
           "1s1r",
           [](const FlowOptions& o) { return o.array.topology == "1s1r"; }},
    Choice{"array", "input", "amplitude", [](const FlowOptions& o) { return !o.array.pulses; }},
    Choice{"array", "input", "pulses", [](const FlowOptions& o) { return o.array.pulses; }},
    Choice{"converters",
           "gain",
           "calibrated",
           [](const FlowOptions& o) { return o.converters.gain == mapping::Gain::Calibrated; }},
    Choice{"converters",
           "dac_bits",
           "0",
           [](const FlowOptions& o) { return o.converters.dac_bits == 0; }},
    Choice{"converters",
           "adc_bits",
           "0",
           [](const FlowOptions& o) { return o.converters.adc_bits == 0; }},
    Choice{"mapping",
           "scheme",
           "kernel_first",
           [](const FlowOptions& o) { return o.mapping.scheme == mapping::Scheme::KernelFirst; }},
    Choice{"mapping",
           "scheme",
           "subimage",
           [](const FlowOptions& o) { return o.mapping.scheme == mapping::Scheme::SubImage; }},
    Choice{"mapping",
           "scheme",
           "full_depth",
           [](const FlowOptions& o) { return o.mapping.scheme == mapping::Scheme::FullDepth; }},
    Choice{"mapping",
           "weight_scale",
           "output",
           [](const FlowOptions& o) {
             return o.mapping.weight_scale == mapping::WeightScale::Output;
           }},
    Choice{"mapping",
           "bias",
           "digital",
           [](const FlowOptions& o) { return o.mapping.bias == mapping::Bias::Digital; }},
    Choice{"programming",
           "scheme",
           "v/2 or v/3",
           [](const FlowOptions& o) { return o.programming.is_on && !programs_through_gates(o); }},
    Choice{"programming",
           "scheme",
           "1t1r",
           [](const FlowOptions& o) { return o.programming.is_on && programs_through_gates(o); }},
    Choice{"nonideality", "", "", [](const FlowOptions& o) { return o.nonideality.any(); }},
    Choice{"device",
           "model",
           "(a user's own subcircuit)",
           [](const FlowOptions& o) { return o.device.cell != nullptr; }},
    Choice{"path",
           "",
           "bitstream",
           [](const FlowOptions& o) { return o.path.has(LayerPath::Bitstream); }},
    Choice{"path",
           "",
           "spectral",
           [](const FlowOptions& o) { return o.path.has(LayerPath::Spectral); }},
    Choice{"characterize",
           "scope",
           "network",
           [](const FlowOptions& o) { return o.characterize.scope == tile::Scope::Network; }},
    Choice{"data",
           "kind",
           "image_pairs",
           [](const FlowOptions& o) { return o.data.test.kind == "image_pairs"; }},
    Choice{"verify", "images", "", [](const FlowOptions& o) { return o.verify.images > 0; }},
    Choice{"mapping", "slices", "", [](const FlowOptions& o) { return o.mapping.slices > 1; }},
    Choice{"converters",
           "input",
           "bit_serial",
           [](const FlowOptions& o) { return o.converters.input == mapping::Input::BitSerial; }},
    Choice{"converters",
           "readout",
           "differential",
           [](const FlowOptions& o) {
             return o.converters.readout == mapping::Readout::Differential;
           }},
    Choice{"mapping",
           "bias",
           "each_tile",
           [](const FlowOptions& o) { return o.mapping.bias == mapping::Bias::EachTile; }},
    Choice{"converters",
           "",
           "(errors of ADCs)",
           [](const FlowOptions& o) { return o.converter_errors.of_adcs(); }},
    Choice{"converters",
           "",
           "(errors of DACs)",
           [](const FlowOptions& o) { return o.converter_errors.of_dacs(); }},
    Choice{
        "mapping",
        "packing",
        "block_diagonal",
        [](const FlowOptions& o) { return o.mapping.packing == mapping::Packing::BlockDiagonal; }},
    Choice{"mapping",
           "signed",
           "unit_column",
           [](const FlowOptions& o) { return o.mapping.signs == mapping::Signs::UnitColumn; }},
}};

std::string name_of(const Choice& made) {
  const std::string table(made.table);
  const std::string name =
      made.key.empty() ? '[' + table + ']' : table + '.' + std::string(made.key);
  if (made.value.empty()) return name;
  const bool is_word = made.value.front() != '(' && made.value != "0";
  const std::string value(made.value);
  return name + (made.key.empty() ? " " : " = ") + (is_word ? '"' + value + '"' : value);
}

std::string key_of(const Choice& choice, const FlowOptions& options) {
  if (!choice.key.empty() || choice.table != "fidelity") return std::string(choice.key);
  if (options.fidelity.standard.name() == choice.value) return "default";
  for (const auto& [layer, fidelity] : options.fidelity.layers) {
    if (fidelity.name() == choice.value) return layer;
  }
  return "default";
}

}  // namespace memspice::config
