#include "config/read_cost.hpp"

#include <cmath>

#include "config/read_figure.hpp"

namespace memspice::config {
namespace {

constexpr const char* kCostTable = "cost";

device::Figure cost_figure(TomlDocument& card, const std::string& name, Unit unit) {
  return read_figure(card, kCostTable, name, unit, Bound::NotNegative);
}

void refuse(const TomlDocument& card, const char* key, const char* rule, const char* remedy) {
  card.reject(kCostTable, key, {.place = {}, .value = {}, .rule = rule, .remedy = remedy});
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
  if (Section(card, kCostTable).unread_keys().empty()) return std::nullopt;
  device::CostFigures cost;
  cost.cell_area = cost_figure(card, "cell_area", Unit::SquareMetre);
  cost.dac_area_per_bit = cost_figure(card, "dac_area_per_bit", Unit::SquareMetre);
  cost.dac_energy_per_bit = cost_figure(card, "dac_energy_per_bit", Unit::Joule);
  cost.adc_area_per_bit = cost_figure(card, "adc_area_per_bit", Unit::SquareMetre);
  cost.adc_energy_per_bit = cost_figure(card, "adc_energy_per_bit", Unit::Joule);
  cost.adc_time_per_bit = cost_figure(card, "adc_time_per_bit", Unit::Second);
  cost.outputs_per_adc = cost_figure(card, "outputs_per_adc", Unit::None);
  cost.op_amp_area = cost_figure(card, "op_amp_area", Unit::SquareMetre);
  cost.op_amp_power = cost_figure(card, "op_amp_power", Unit::Watt);
  cost.adder_area = cost_figure(card, "adder_area", Unit::SquareMetre);
  cost.adder_energy = cost_figure(card, "adder_energy", Unit::Joule);
  cost.multiplier_area = cost_figure(card, "multiplier_area", Unit::SquareMetre);
  cost.multiplier_energy = cost_figure(card, "multiplier_energy", Unit::Joule);
  cost.mean_square_drive = cost_figure(card, "mean_square_drive", Unit::None);
  // An absent key is reported by finish(), as missing.
  if (card.peek(kCostTable, "outputs_per_adc.value") != nullptr) require_sense(card, cost);
  return cost;
}

}  // namespace memspice::config
