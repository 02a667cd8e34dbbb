#include "synthesis/op_amp.hpp"

#include "base/files.hpp"
#include "netlist/model_text.hpp"

namespace memspice::synthesis {

const circuit::Definition& op_amp_definition() {
  static const circuit::Definition definition =
      netlist::read_definition_file(shipped_file("netlists/periphery/op_amp.sub").string());
  return definition;
}

circuit::Instance op_amp_instance(const std::string& name,
                                  const OpAmpPins& pins,
                                  const device::OpAmpFigures& figures) {
  return {.name = name,
          .kind = circuit::Kind::Subcircuit,
          .pins = {pins.plus, pins.minus, pins.out, pins.vdd, pins.vss},
          .model = "op_amp",
          .parameters = {{"gain", figures.gain.value},
                         {"gbw", figures.gain_bandwidth.value},
                         {"slew", figures.slew_rate.value},
                         {"headroom", figures.headroom.value},
                         {"r_out", figures.output_resistance.value},
                         {"offset", figures.offset.value},
                         {"i_q", figures.quiescent_current.value}}};
}

}  // namespace memspice::synthesis
