#include "config/read_cost.hpp"

#include <cmath>

#include "config/section.hpp"

namespace memspice::config {
namespace {

using device::Figure;

constexpr const char* kTable = "cost";

Figure read_figure(TomlDocument& card, const std::string& name, Unit unit) {
  Figure figure;
  card.find(kTable, name);  // the table itself is known; its keys are read one by one
  Section section(card, kTable);
  const std::string key = name + ".value";
  const std::string example = unit == Unit::None ? "1" : "\"1 " + std::string(symbol(unit)) + '"';
  if (!section.read(key, figure.value, unit, Bound::NotNegative)) {
    card.note_missing(kTable, key, example);
  }
  section.require(name + ".source", figure.source, "\"where the value comes from\"");
  return figure;
}

void refuse(const TomlDocument& card, const char* key, const char* rule, const char* remedy) {
  card.reject(kTable, key, {.place = {}, .value = {}, .rule = rule, .remedy = remedy});
}

void require_sense(const TomlDocument& card, const device::CostFigures& cost) {
  const double share = cost.outputs_per_adc.value;
  if (share < 1.0 || share > 65536.0 || share != std::floor(share)) {
    refuse(card, "outputs_per_adc.value", "must be a whole number, 1 to 65536", "for example 32");
  }
  if (cost.mean_square_drive.value > 1.0) {
    refuse(card,
           "mean_square_drive.value",
           "must be at most 1: no word line is driven beyond the read voltage",
           "1/3 holds for inputs spread evenly over the range");
  }
}

}  // namespace

std::optional<device::CostFigures> read_cost(TomlDocument& card) {
  if (Section(card, kTable).unread_keys().empty()) return std::nullopt;
  device::CostFigures cost;
  cost.cell_area = read_figure(card, "cell_area", Unit::SquareMetre);
  cost.dac_area_per_bit = read_figure(card, "dac_area_per_bit", Unit::SquareMetre);
  cost.dac_energy_per_bit = read_figure(card, "dac_energy_per_bit", Unit::Joule);
  cost.adc_area_per_bit = read_figure(card, "adc_area_per_bit", Unit::SquareMetre);
  cost.adc_energy_per_bit = read_figure(card, "adc_energy_per_bit", Unit::Joule);
  cost.adc_time_per_bit = read_figure(card, "adc_time_per_bit", Unit::Second);
  cost.outputs_per_adc = read_figure(card, "outputs_per_adc", Unit::None);
  cost.op_amp_area = read_figure(card, "op_amp_area", Unit::SquareMetre);
  cost.op_amp_power = read_figure(card, "op_amp_power", Unit::Watt);
  cost.adder_area = read_figure(card, "adder_area", Unit::SquareMetre);
  cost.adder_energy = read_figure(card, "adder_energy", Unit::Joule);
  cost.multiplier_area = read_figure(card, "multiplier_area", Unit::SquareMetre);
  cost.multiplier_energy = read_figure(card, "multiplier_energy", Unit::Joule);
  cost.mean_square_drive = read_figure(card, "mean_square_drive", Unit::None);
  // An absent key is reported by finish(), as missing.
  if (card.peek(kTable, "outputs_per_adc.value") != nullptr) require_sense(card, cost);
  return cost;
}

}  // namespace memspice::config
