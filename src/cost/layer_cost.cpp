#include "cost/layer_cost.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <set>

#include "mapping/kernel_first.hpp"

namespace memspice::cost {
namespace {

using mapping::LayerPlan;

/// Grids that values are rounded to. Sums of up to 2^53 steps are exact: 9.8e-4 m^2 in steps of
/// 1.1e-19, 8 kW in steps of 1 pW, 7.8 mJ in steps of 0.9 aJ.
constexpr int kAreaBits = 63, kPowerBits = 40, kEnergyBits = 60;

double on_grid(double value, int bits) {
  return std::ldexp(std::nearbyint(std::ldexp(value, bits)), -bits);
}

int priced_bits(int bits) {
  return bits == 0 ? kBitsOfIdealConverters : bits;
}

/// What counts of a layer, its replicas included.
struct LayerTally {
  long crossbars = 0, memristors = 0, idle = 0, inputs = 0, bit_lines = 0, outputs = 0, adcs = 0;
  long reads = 0;         ///< of each crossbar per image
  int largest_share = 0;  ///< outputs that take turns at one ADC
  double drive = 0.0;     ///< sum of (V / read voltage)^2 G over the cells of one replica [S]
};

/// Kernel first: one DAC per input that any kept weight takes, before the drivers of its pairs; the
/// summers of a layer, one output each, take turns at their ADCs.
void share_converters(const LayerPlan& layer, int share, LayerTally& sum) {
  sum.inputs = 0;
  for (const mapping::Block& block : layer.blocks) {
    std::set<int> driven;
    for (const mapping::Tile& tile : block.tiles) {
      for (int i = 0; i < tile.input_count; ++i) driven.insert(tile.input_row(i));
    }
    sum.inputs += static_cast<long>(driven.size());
  }
  sum.adcs = (sum.outputs + share - 1) / share;
  sum.largest_share = static_cast<int>(std::min<long>(share, sum.outputs));
}

/// Cells of the unit crossbars; kernel first, those that are there.
long cells_of(const CostInputs& inputs, const LayerPlan& plan, const LayerTally& layer) {
  if (is_kernel_first(inputs)) return layer.memristors;
  return layer.crossbars * plan.rows * plan.columns;
}

LayerTally tally(const CostInputs& inputs, const LayerPlan& layer) {
  LayerTally sum;
  const int share = inputs.plan->options.adc_share(inputs.figures.outputs_per_adc.value);
  for (const mapping::Block& block : layer.blocks) {
    for (const mapping::Tile& tile : block.tiles) {
      sum.inputs += tile.input_count;
      sum.bit_lines += tile.bit_lines();
      sum.outputs += tile.output_count;
      sum.adcs += (tile.output_count + share - 1) / share;
      sum.largest_share = std::max(sum.largest_share, std::min(share, tile.output_count));
      sum.drive += inputs.figures.mean_square_drive.value * tile.G.topRows(tile.input_count).sum();
      if (tile.has_bias) sum.drive += tile.G.bottomRows(1).sum();  // always at full voltage
    }
  }
  if (is_kernel_first(inputs)) share_converters(layer, share, sum);
  for (long* count : {&sum.inputs, &sum.bit_lines, &sum.outputs, &sum.adcs}) {
    *count *= layer.replicas;
  }
  sum.crossbars = layer.crossbar_count();
  sum.memristors = layer.memristor_count();
  sum.idle = layer.idle_count();
  sum.reads = layer.vectors_per_image / layer.replicas;
  return sum;
}

struct Times {
  double settle = 0.0, convert = 0.0;  ///< [s]
  bool waits = false;                  ///< each read for what the one before gave
  double interval() const { return waits ? settle + convert : std::max(settle, convert); }
};

Times times_of(const CostInputs& inputs,
               const LayerTally& layer,
               const network::Operation& operation) {
  const int bits = priced_bits(inputs.plan->converters.adc_bits);
  const double adc_time = inputs.measured.adc_time ? inputs.measured.adc_time->value
                                                   : bits * inputs.figures.adc_time_per_bit.value;
  return {.settle = inputs.measured.settling_time ? inputs.measured.settling_time->value
                                                  : inputs.read_time.value,
          .convert = layer.largest_share * adc_time,
          .waits = std::holds_alternative<network::Recurrence>(operation)};
}

PartCost price(long count, double area, double static_power, double dynamic_energy, double time) {
  PartCost part;
  const auto number = static_cast<double>(count);
  part.count = count;
  part.area = on_grid(number * area, kAreaBits);
  part.static_power = on_grid(number * static_power, kPowerBits);
  part.static_energy = on_grid(part.static_power * time, kEnergyBits);
  part.energy = on_grid(dynamic_energy, kEnergyBits) + part.static_energy;
  return part;
}

/// Solved where it is known.
double array_energy(const CostInputs& inputs, std::size_t index, const LayerTally& layer) {
  if (!inputs.array_energy.empty()) return inputs.array_energy[index];
  const double U = inputs.plan->read_voltage;
  const auto vectors = static_cast<double>(inputs.plan->layers[index].vectors_per_image);
  return U * U * layer.drive * inputs.read_time.value * vectors;
}

PartCost price_arrays(const CostInputs& inputs, std::size_t index, const LayerTally& layer) {
  const LayerPlan& plan = inputs.plan->layers[index];
  const auto cells = static_cast<double>(cells_of(inputs, plan, layer));
  const double area =
      inputs.figures.cell_area.value * cells / static_cast<double>(std::max(1L, layer.crossbars));
  return price(layer.crossbars, area, 0.0, array_energy(inputs, index, layer), 0.0);
}

PartCost price_dacs(const CostInputs& inputs, const LayerTally& layer) {
  const int bits = priced_bits(inputs.plan->converters.driver_bits());
  const double energy = inputs.measured.dac_energy ? inputs.measured.dac_energy->value
                                                   : bits * inputs.figures.dac_energy_per_bit.value;
  const auto conversions = static_cast<double>(layer.inputs * layer.reads);
  return price(
      layer.inputs, bits * inputs.figures.dac_area_per_bit.value, 0.0, conversions * energy, 0.0);
}

PartCost price_adcs(const CostInputs& inputs, const LayerTally& layer) {
  const int bits = priced_bits(inputs.plan->converters.adc_bits);
  const double energy = inputs.measured.adc_energy ? inputs.measured.adc_energy->value
                                                   : bits * inputs.figures.adc_energy_per_bit.value;
  const auto conversions = static_cast<double>(layer.outputs * layer.reads);
  return price(
      layer.adcs, bits * inputs.figures.adc_area_per_bit.value, 0.0, conversions * energy, 0.0);
}

PartCost price_op_amps(const CostInputs& inputs, const LayerTally& layer, double time) {
  const device::CostFigures& figures = inputs.figures;
  const bool per_pair = inputs.plan->converters.readout == mapping::Readout::Differential;
  const long count = per_pair ? layer.outputs : layer.bit_lines;
  if (!inputs.measured.op_amp_energy) {
    return price(count, figures.op_amp_area.value, figures.op_amp_power.value, 0.0, time);
  }
  const auto reads = static_cast<double>(count * layer.reads);
  return price(
      count, figures.op_amp_area.value, 0.0, reads * inputs.measured.op_amp_energy->value, time);
}

/// Whether a result's factor differs within a layer by more than a shift.
bool has_own_scales(const mapping::TilePlan& plan, const LayerPlan& layer) {
  const bool digits_shift = std::has_single_bit(static_cast<unsigned>(layer.levels));
  return plan.options.weight_scale == mapping::WeightScale::Output ||
         (layer.slices > 1 && !digits_shift);
}

/// One multiplier behind each ADC where factors differ; one that a whole layer shares goes into the
/// next layer's.
PartCost price_multipliers(const CostInputs& inputs,
                           const LayerPlan& plan,
                           const LayerTally& layer) {
  const bool scales = has_own_scales(*inputs.plan, plan);
  const auto conversions = static_cast<double>(scales ? layer.outputs * layer.reads : 0);
  return price(scales ? layer.adcs : 0,
               inputs.figures.multiplier_area.value,
               0.0,
               conversions * inputs.figures.multiplier_energy.value,
               0.0);
}

/// One adder behind each ADC whose results are not yet outputs.
PartCost price_adders(const CostInputs& inputs, const LayerPlan& plan, const LayerTally& layer) {
  const long outputs =
      static_cast<long>(network::element_count(inputs.graph->shape_of(plan.layer)));
  long additions = std::max(0L, layer.outputs * layer.reads - outputs);
  if (plan.digital_bias) additions += outputs;
  return price(additions > 0 ? layer.adcs : 0,
               inputs.figures.adder_area.value,
               0.0,
               static_cast<double>(additions) * inputs.figures.adder_energy.value,
               0.0);
}

}  // namespace

bool is_kernel_first(const CostInputs& inputs) {
  return inputs.plan->options.scheme == mapping::Scheme::KernelFirst;
}

LayerCost cost_of_layer(const CostInputs& inputs, std::size_t index) {
  const LayerPlan& plan = inputs.plan->layers[index];
  const LayerTally layer = tally(inputs, plan);
  const Times times = times_of(inputs, layer, inputs.graph->layer(plan.layer).operation);
  const auto reads = static_cast<double>(layer.reads);
  LayerCost cost;
  cost.name = plan.name;
  cost.crossbars = layer.crossbars;
  cost.cells = cells_of(inputs, plan, layer);
  cost.memristors = layer.memristors;
  cost.cells_used = layer.memristors + layer.idle;
  cost.operations = 2 * mapping::count_kernel_first(*inputs.graph, plan.layer).dense();
  cost.interval = reads * times.interval();
  cost.latency = (reads - 1.0) * times.interval() + times.settle + times.convert;
  cost.parts = {price_arrays(inputs, index, layer),
                price_dacs(inputs, layer),
                price_op_amps(inputs, layer, cost.latency),
                price_adcs(inputs, layer),
                price_multipliers(inputs, plan, layer),
                price_adders(inputs, plan, layer)};
  return cost;
}

}  // namespace memspice::cost
