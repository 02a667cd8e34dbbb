#include "synthesis/dynamic_cell.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "synthesis/rate_limit.hpp"

namespace memspice::synthesis {
namespace {

/// Time steps over a pulse: the states' error stays below a thousandth of their motion.
constexpr double kPulseSteps = 100.0;

}  // namespace

void require_state(const DynamicCell& cell) {
  if (cell.definition.ports.size() == 3 && cell.card.parameters.contains("x_init")) return;
  throw InputError({.place = cell.definition.name,
                    .value = {},
                    .rule = "has no state to write: it needs ports p, n, x and a parameter x_init",
                    .remedy = "choose a dynamic model"});
}

void add_dynamic_cell(circuit::Circuit& circuit,
                      const DynamicCell& cell,
                      const std::string& name,
                      const CellNets& nets,
                      double x,
                      double width) {
  circuit::Instance device{
      .name = name, .kind = circuit::Kind::Subcircuit, .pins = {nets.p, nets.n, nets.x}};
  device.model = cell.definition.name;
  for (const auto& [parameter, figure] : cell.card.parameters) {
    device.parameters.push_back({parameter, parameter == "x_init" ? x : figure.value});
  }
  limit_rate(device, cell.definition, width);
  circuit.add(std::move(device));
}

circuit::Analysis pulse_analysis(double width, double stop) {
  return {
      .type =
          circuit::Transient{
              .stop = stop, .step = width / kPulseSteps, .max_step = width / kPulseSteps},
      // The truncation error follows reltol. A state is a charge of 1e-8 C (1 + x): currents
      // into it are known to the rounding of that charge over a time step, so abstol must not
      // be finer; as it stands it is 1e-8 of x over a pulse.
      .accuracy = {
          .reltol = 1e-6, .abstol = std::min(1e-16 / width, 1e-8), .vntol = 1e-9, .gmin = 1e-18}};
}

}  // namespace memspice::synthesis
