// Neurons, pooling and readout in the catalogue.

#include "synthesis/block_catalogue.hpp"
#include "synthesis/neuron.hpp"
#include "synthesis/pooling.hpp"
#include "synthesis/readout.hpp"

namespace memspice::synthesis {
namespace {

using Figures = device::AnalogFigures;

const SizeParameter kInputUnit{
    "input_unit", 0.0, false, "voltage of 1 at the input; 0: the card's signal", Unit::Volt};
const SizeParameter kOutputUnit{
    "output_unit", 0.0, false, "voltage of 1 at the output; 0: the card's signal", Unit::Volt};
const SizeParameter kSlope{"slope", 0.01, false, "below 0"};
const SizeParameter kCeiling{"ceiling", 1.0, false, "in units"};
const SizeParameter kWindow{"window", 4, true, "inputs"};
const SizeParameter kRange{
    "range", 0.0, false, "of each input to either side; 0: the card's signal", Unit::Volt};
const SizeParameter kResistance{
    "resistance", 0.0, false, "volts per ampere; 0: the card's resistor", Unit::Ohm};
const SizeParameter kBits{"bits", 3, true, "of the gain's code"};
const SizeParameter kGain{"gain", 1.0, false, "of the whole, or per step of the code"};

double size_or(const BlockRequest& request, const char* name, double otherwise) {
  const auto found = request.sizes.find(name);
  return found == request.sizes.end() ? otherwise : found->second;
}

CatalogueEntry neuron(NeuronKind kind,
                      const std::string& summary,
                      std::vector<SizeParameter> parameters) {
  CatalogueEntry entry{name_of(kind), summary, std::move(parameters), true, {}};
  entry.build = [kind](const BlockRequest& request, const Figures& figures) {
    NeuronSpec spec{.name = request.name, .kind = kind, .realisation = request.realisation};
    spec.input_unit = size_or(request, "input_unit", 0.0);
    // Neurons that keep their scale have one unit.
    const bool one_unit = request.sizes.count("output_unit") == 0;
    spec.output_unit = one_unit ? spec.input_unit : request.size("output_unit");
    spec.slope = size_or(request, "slope", spec.slope);
    spec.ceiling = size_or(request, "ceiling", spec.ceiling);
    return build_neuron(spec, figures);
  };
  return entry;
}

using PoolBuilder = AnalogBlock (*)(const PoolingSpec&, const Figures&);
CatalogueEntry pool(const std::string& name, const std::string& summary, PoolBuilder build) {
  return {
      name, summary, {kWindow, kRange}, true, [build](const auto& request, const auto& figures) {
        return build({.name = request.name,
                      .realisation = request.realisation,
                      .window = request.whole("window"),
                      .range = request.size("range")},
                     figures);
      }};
}

using ReadoutBuilder = AnalogBlock (*)(const ReadoutSpec&, const Figures&);
CatalogueEntry readout(const std::string& name,
                       const std::string& summary,
                       std::vector<SizeParameter> parameters,
                       ReadoutBuilder build) {
  CatalogueEntry entry{name, summary, std::move(parameters), true, {}};
  entry.build = [build](const BlockRequest& request, const Figures& figures) {
    ReadoutSpec spec{.name = request.name, .realisation = request.realisation};
    spec.resistance = size_or(request, "resistance", 0.0);
    spec.bits = static_cast<int>(size_or(request, "bits", spec.bits));
    spec.gain = size_or(request, "gain", spec.gain);
    return build(spec, figures);
  };
  return entry;
}

}  // namespace

std::vector<CatalogueEntry> neuron_entries() {
  return {
      neuron(NeuronKind::Relu, "max(x, 0)", {kInputUnit}),
      neuron(NeuronKind::LeakyRelu, "max(x, slope x)", {kInputUnit, kSlope}),
      neuron(NeuronKind::ClippedRelu, "min(max(x, 0), ceiling)", {kInputUnit, kCeiling}),
      neuron(NeuronKind::Sigmoid, "1 / (1 + exp(-x))", {kInputUnit, kOutputUnit}),
      neuron(NeuronKind::Tanh, "tanh(x)", {kInputUnit, kOutputUnit}),
      neuron(NeuronKind::HardSigmoid, "min(max(x/6 + 1/2, 0), 1)", {kInputUnit, kOutputUnit}),
      neuron(NeuronKind::HardSwish, "x hard_sigmoid(x)", {kInputUnit}),
  };
}

std::vector<CatalogueEntry> pooling_entries() {
  return {pool("average_pool", "mean of a window", build_average_pool),
          pool("max_pool", "maximum of a window", build_max_pool)};
}

std::vector<CatalogueEntry> readout_entries() {
  std::vector<CatalogueEntry> entries{
      readout("transimpedance", "-R I of one bit line", {kResistance}, build_transimpedance),
      readout("column_readout",
              "R (I+ - I-) of a differential pair",
              {kResistance},
              build_column_readout),
      readout("subtractor", "gain (a - b)", {kGain}, build_subtractor),
      readout("programmable_gain", "gain code a", {kBits, kGain}, build_programmable_gain),
      readout("sample_hold", "a, held while the clock is low", {}, build_sample_hold)};
  entries.back().has_twin = false;
  return entries;
}

}  // namespace memspice::synthesis
