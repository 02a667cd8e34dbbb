// What the characterized periphery tells the cost model.

#include <algorithm>

#include "base/units.hpp"
#include "study/network_periphery.hpp"

namespace memspice::study {
namespace {

constexpr double kOpAmpsOfReadout = 2.0;  // one per bit line of the pair

struct Slowest {
  bool exists = false;
  double settling = 0.0;  ///< [s]
  double energy = 0.0;    ///< [J]
  std::string name;
};

Slowest slowest_of(const NetworkPeriphery& periphery, PeripheryPart part) {
  Slowest slowest;
  for (const PeripheryStage& stage : periphery.stages) {
    if (stage.part != part) continue;
    const periphery::PeripheryModel& model = stage.curve->model();
    slowest.exists = true;
    if (model.settling_time > slowest.settling) slowest.name = model.name;
    slowest.settling = std::max(slowest.settling, model.settling_time);
    slowest.energy = std::max(slowest.energy, model.energy);
  }
  return slowest;
}

std::string seconds(double value) {
  return format_quantity(value, Unit::Second, 3);
}

}  // namespace

cost::MeasuredPeriphery measured_periphery(const NetworkPeriphery& periphery) {
  cost::MeasuredPeriphery measured;
  const Slowest readout = slowest_of(periphery, PeripheryPart::Readout);
  const Slowest dac = slowest_of(periphery, PeripheryPart::Converters);
  if (dac.exists) {
    measured.dac_energy = {dac.energy, "a full step of " + dac.name + " in ngspice"};
  }
  if (!readout.exists) return measured;
  const double array = periphery.array ? periphery.array->settling : 0.0;
  std::string source = "measured in ngspice, one after the other: ";
  if (dac.exists) source += "DAC " + seconds(dac.settling) + ", ";
  source += "array " + (periphery.array ? seconds(array) : std::string("not measured")) +
            ", readout " + seconds(readout.settling) +
            "; arrays carry current for as long, readouts are gated after it";
  measured.settling_time = {dac.settling + array + readout.settling, source};
  measured.op_amp_energy = {readout.energy / kOpAmpsOfReadout,
                            "half of a full step of " + readout.name + " in ngspice"};
  return measured;
}

std::vector<double> measured_array_energy(const Bench& bench, const NetworkPeriphery& periphery) {
  std::vector<double> energy = bench.read_energy;
  const cost::MeasuredPeriphery measured = measured_periphery(periphery);
  if (!measured.settling_time) return energy;
  const double longer = measured.settling_time->value / bench.read_time;
  double per_cell = 0.0;  // charging of a read [J]
  if (periphery.array) {
    per_cell = periphery.array->energy /
               (static_cast<double>(periphery.array->word_lines) * periphery.array->bit_lines);
  }
  for (std::size_t l = 0; l < energy.size(); ++l) {
    const mapping::LayerPlan& layer = bench.mapped->plan.layers[l];
    double cells = 0.0;  // of one replica: its share of the vectors makes up for the others
    for (const mapping::Block& block : layer.blocks) {
      for (const mapping::Tile& tile : block.tiles) cells += static_cast<double>(tile.G.size());
    }
    energy[l] =
        energy[l] * longer + per_cell * cells * static_cast<double>(layer.vectors_per_image);
  }
  return energy;
}

}  // namespace memspice::study
