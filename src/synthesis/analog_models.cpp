#include "synthesis/analog_models.hpp"

#include "base/text.hpp"
#include "netlist/model_text.hpp"

namespace memspice::synthesis {
namespace {

constexpr double kOxidePermittivity = 3.9 * 8.8541878128e-12;  // [F/m]

std::string assign(const char* name, double value) {
  return std::string(" ") + name + "=" + to_text(value);
}

circuit::Definition mosfet_model(const std::string& name,
                                 const std::string& polarity,
                                 const device::MosfetFigures& figures) {
  return netlist::read_definition(
      ".model " + name + ' ' + polarity + " level=1" + assign("vto", figures.threshold) +
          assign("kp", figures.transconductance) + assign("lambda", figures.modulation) +
          assign("gamma", figures.body_effect) + assign("phi", figures.surface_potential) +
          assign("tox", kOxidePermittivity / figures.gate_capacitance) +
          assign("cgso", figures.overlap_capacitance) +
          assign("cgdo", figures.overlap_capacitance) + '\n',
      name);
}

}  // namespace

circuit::Definition nmos_model(const device::MosfetFigures& figures) {
  return mosfet_model(kNmosModel, "nmos", figures);
}

circuit::Definition pmos_model(const device::MosfetFigures& figures) {
  return mosfet_model(kPmosModel, "pmos", figures);
}

circuit::Definition diode_model(const device::DiodeFigures& figures) {
  return netlist::read_definition(
      std::string(".model ") + kDiodeModel + " d" + assign("is", figures.saturation_current) +
          assign("n", figures.emission) + assign("rs", figures.series_resistance) +
          assign("cjo", figures.junction_capacitance) + '\n',
      kDiodeModel);
}

}  // namespace memspice::synthesis
