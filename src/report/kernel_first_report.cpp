#include "report/kernel_first_report.hpp"

#include <nlohmann/json.hpp>

#include "base/units.hpp"
#include "report/numbers.hpp"
#include "report/sections.hpp"

namespace memspice::report {
namespace {

using Json = nlohmann::ordered_json;

template <typename Number>
long sum_of(const std::vector<KernelFirstLayerReport>& layers, Number number) {
  long sum = 0;
  for (const KernelFirstLayerReport& layer : layers) sum += number(layer);
  return sum;
}

double share(long part, long whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

void add_power(const std::optional<PairPower>& power, std::vector<std::string>& row) {
  if (!power) return;
  row.push_back(format_quantity(power->power, Unit::Watt, 3));
  row.push_back(format_quantity(power->power_at_g_min, Unit::Watt, 3));
  row.push_back(format_quantity(power->energy, Unit::Joule, 3));
}

std::vector<std::string> cells_of(const std::string& name, long weights, long kept, long summers) {
  return {name,
          with_thousands(weights),
          with_thousands(kept),
          percent(share(weights - kept, weights)),
          with_thousands(summers)};
}

Json to_json(const std::optional<PairPower>& power) {
  if (!power) return nullptr;
  return {{"power_watt", power->power},
          {"power_at_g_min_watt", power->power_at_g_min},
          {"energy_joule", power->energy},
          {"energy_at_g_min_joule", power->energy_at_g_min}};
}

}  // namespace

PairPower& PairPower::operator+=(const PairPower& other) {
  energy += other.energy;
  energy_at_g_min += other.energy_at_g_min;
  power += other.power;
  power_at_g_min += other.power_at_g_min;
  return *this;
}

long KernelFirstReport::weights() const noexcept {
  return sum_of(layers, [](const auto& layer) { return layer.weights; });
}
long KernelFirstReport::kept() const noexcept {
  return sum_of(layers, [](const auto& layer) { return layer.kept; });
}
long KernelFirstReport::summers() const noexcept {
  return sum_of(layers, [](const auto& layer) { return layer.summers; });
}
long KernelFirstReport::computations() const noexcept {
  return sum_of(layers, [](const auto& layer) { return layer.computations(); });
}
long KernelFirstReport::dense() const noexcept {
  return sum_of(layers, [](const auto& layer) { return layer.dense(); });
}
double KernelFirstReport::pruned() const noexcept {
  return share(weights() - kept(), weights());
}
double KernelFirstReport::saved() const noexcept {
  return share(dense() - computations(), dense());
}

std::optional<PairPower> KernelFirstReport::power() const {
  PairPower sum;
  for (const KernelFirstLayerReport& layer : layers) {
    if (!layer.power) return std::nullopt;
    sum += *layer.power;
  }
  return sum;
}

namespace {

Table table_of(const KernelFirstReport& report) {
  Table table{
      .titles = {"layer", "weights", "kept", "pruned", "summers", "plane", "computations", "saved"},
      .rows = {}};
  const auto power = report.power();
  if (power) {
    table.titles.insert(table.titles.end(), {"array power", "with g_min", "array energy"});
  }
  for (const KernelFirstLayerReport& layer : report.layers) {
    std::vector<std::string> row = cells_of(layer.name, layer.weights, layer.kept, layer.summers);
    row.push_back(with_thousands(layer.plane));
    row.push_back(with_thousands(layer.computations()));
    row.push_back(percent(share(layer.dense() - layer.computations(), layer.dense())));
    add_power(layer.power, row);
    table.rows.push_back(std::move(row));
  }
  std::vector<std::string> total =
      cells_of("all", report.weights(), report.kept(), report.summers());
  total.insert(total.end(), {"", with_thousands(report.computations()), percent(report.saved())});
  add_power(power, total);
  table.rows.push_back(std::move(total));
  return table;
}

std::string remark_of(const KernelFirstReport& report) {
  std::string text =
      "One memristor pair per kept weight, none for a pruned one; computations are "
      "multiply-accumulates per image, kept weights times plane.";
  if (report.power()) {
    text +=
        " Power of the pairs while each layer works; \"with g_min\": if pruned pairs were there, "
        "at the least conductance.";
  }
  return text;
}

}  // namespace

nlohmann::ordered_json kernel_first_json(const KernelFirstReport& report) {
  Json layers = Json::array();
  for (const KernelFirstLayerReport& layer : report.layers) {
    layers.push_back({{"name", layer.name},
                      {"weights", layer.weights},
                      {"kept", layer.kept},
                      {"summers", layer.summers},
                      {"plane", layer.plane},
                      {"computations", layer.computations()},
                      {"dense", layer.dense()},
                      {"arrays", to_json(layer.power)}});
  }
  const Json json{{"weights", report.weights()},
                  {"kept", report.kept()},
                  {"pruned", report.pruned()},
                  {"summers", report.summers()},
                  {"computations", report.computations()},
                  {"dense", report.dense()},
                  {"saved", report.saved()},
                  {"arrays", to_json(report.power())},
                  {"layers", std::move(layers)}};
  return json;
}

Sections sections_of(const KernelFirstReport& report) {
  return {{.title = "Kernel first",
           .lead = remark_of(report),
           .tables = {{.table = table_of(report), .has_total = true}},
           .key = "kernel_first",
           .json = share(kernel_first_json(report))}};
}

}  // namespace memspice::report
