#include "report/hardware.hpp"

#include <algorithm>

namespace memspice::report {
namespace {

bool on_crossbars(const RunReport& report, const std::string& layer) {
  return std::ranges::any_of(report.layers, [&](const LayerReport& found) {
    return found.name == layer && found.path == "crossbar";
  });
}

void add_crossbars(const RunReport& report, Hardware& hardware) {
  for (const cost::LayerCost& layer : report.cost->layers) {
    if (!on_crossbars(report, layer.name)) continue;
    const cost::PartCost parts = layer.sum();
    hardware.energy += parts.energy;
    hardware.area += parts.area;
    hardware.latency += layer.latency;
  }
}

}  // namespace

std::optional<Hardware> hardware_of(const RunReport& report) {
  const bool has_crossbars = std::ranges::any_of(
      report.layers, [](const LayerReport& layer) { return layer.path == "crossbar"; });
  if (has_crossbars && !report.cost) return std::nullopt;
  Hardware hardware;
  bool any = has_crossbars;
  if (has_crossbars) add_crossbars(report, hardware);
  if (report.spectral) {
    any = true;
    hardware.energy += report.spectral->total_cost.energy_arithmetic;
    hardware.words += report.spectral->total_cost.energy_words;
    hardware.latency += report.spectral->total_cost.latency;
    hardware.area += report.spectral->area;
  }
  if (report.bitstream && !report.bitstream->units.empty()) {
    any = true;
    const BitstreamUnit& unit = report.bitstream->units.front();  // as configured
    hardware.energy += unit.energy;
    hardware.latency += unit.latency;
    hardware.area += unit.area;
  }
  return any ? std::optional(hardware) : std::nullopt;
}

std::optional<double> total_energy(const RunReport& report) {
  const std::optional<Hardware> hardware = hardware_of(report);
  return hardware ? std::optional(hardware->total_energy()) : std::nullopt;
}

std::optional<double> static_power(const RunReport& report) {
  if (!report.cost) return std::nullopt;
  return report.cost->total.sum().static_power;
}

std::optional<double> average_power(const RunReport& report) {
  if (!report.cost) return std::nullopt;
  return report.cost->average_power();
}

}  // namespace memspice::report
