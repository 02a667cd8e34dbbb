#include "cost/network_cost.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/units.hpp"
#include "cost/layer_cost.hpp"

namespace memspice::cost {
namespace {

void add(LayerCost& total, const LayerCost& layer) {
  total.crossbars += layer.crossbars;
  total.cells += layer.cells;
  total.cells_used += layer.cells_used;
  total.memristors += layer.memristors;
  total.operations += layer.operations;
  for (std::size_t k = 0; k < total.parts.size(); ++k) total.parts[k] += layer.parts[k];
  total.latency += layer.latency;
  total.interval = std::max(total.interval, layer.interval);
}

void require_energies(const CostInputs& inputs) {
  if (inputs.array_energy.empty()) return;
  if (inputs.array_energy.size() == inputs.plan->layers.size()) return;
  throw InputError(
      {.place = "cost::CostInputs::array_energy",
       .value = std::to_string(inputs.array_energy.size()) + " values",
       .rule = "one per layer with weights: " + std::to_string(inputs.plan->layers.size()),
       .remedy = "or none, to estimate them"});
}

std::vector<std::string> sources_of(const CostInputs& inputs) {
  std::vector<std::string> sources;
  sources.push_back(
      inputs.array_energy.empty()
          ? "arrays: estimated as sum V^2 G t, ohmic cells without wires, mean square "
            "drive " +
                format_quantity(inputs.figures.mean_square_drive.value, Unit::None, 3)
          : "arrays: solved from node voltages on the network's own vectors");
  const auto note = [&](const char* what, const std::optional<device::Figure>& measured) {
    if (measured) sources.push_back(std::string(what) + ": " + measured->source);
  };
  if (is_kernel_first(inputs)) {
    sources.push_back(
        "kernel first: one DAC per input with its driver, ADCs shared by a layer's summers, "
        "\"crossbars\" are summers with their pairs");
  }
  note("settling", inputs.measured.settling_time);
  note("op-amp energy", inputs.measured.op_amp_energy);
  note("DAC energy", inputs.measured.dac_energy);
  note("ADC energy", inputs.measured.adc_energy);
  note("ADC time", inputs.measured.adc_time);
  const mapping::ConverterOptions& converters = inputs.plan->converters;
  if (converters.adc_bits == 0 || converters.dac_bits == 0) {
    sources.push_back("ideal converters are priced as " + std::to_string(kBitsOfIdealConverters) +
                      " bits");
  }
  return sources;
}

}  // namespace

std::string name_of(Part part) {
  constexpr std::array names{"arrays", "DACs", "op-amps", "ADCs", "multipliers", "adders"};
  return names[static_cast<std::size_t>(part)];
}

PartCost& PartCost::operator+=(const PartCost& other) {
  count += other.count;
  area += other.area;
  static_power += other.static_power;
  energy += other.energy;
  static_energy += other.static_energy;
  return *this;
}

PartCost LayerCost::sum() const {
  PartCost all;
  for (const PartCost& part : parts) all += part;
  return all;
}

double LayerCost::dynamic_power() const {
  const PartCost all = sum();
  return latency > 0.0 ? (all.energy - all.static_energy) / latency : 0.0;
}

double LayerCost::throughput() const {
  return interval > 0.0 ? 1.0 / interval : 0.0;
}

double NetworkCost::average_power() const {
  return total.sum().energy * total.throughput();
}

double NetworkCost::tops_per_watt() const {
  const double energy = total.sum().energy;
  return energy > 0.0 ? static_cast<double>(total.operations) / energy * 1e-12 : 0.0;
}

NetworkCost estimate_cost(const CostInputs& inputs) {
  require_energies(inputs);
  NetworkCost cost;
  cost.total.name = "all";
  for (std::size_t l = 0; l < inputs.plan->layers.size(); ++l) {
    cost.layers.push_back(cost_of_layer(inputs, l));
    add(cost.total, cost.layers.back());
  }
  cost.sources = sources_of(inputs);
  return cost;
}

std::optional<NetworkCost> estimate_cost(const device::Technology& technology,
                                         double read_time,
                                         CostInputs inputs) {
  if (!technology.cost) return std::nullopt;
  inputs.figures = *technology.cost;
  inputs.read_time = {read_time, technology.read_time.source};
  return estimate_cost(inputs);
}

}  // namespace memspice::cost
