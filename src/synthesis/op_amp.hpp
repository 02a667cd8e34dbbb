#pragma once
// The op-amp of every analog block: netlists/periphery/op_amp.sub with a technology's figures.
//
//            vdd
//             |
//   plus  --|\ |
//           | >---- out        out follows gain (v(plus) - v(minus) + offset) behind r_out,
//   minus --|/ |               one pole, slew-limited, clamped at headroom from the rails
//             |
//            vss

#include <string>

#include "circuit/circuit.hpp"
#include "device/analog_figures.hpp"

namespace memspice::synthesis {

struct OpAmpPins {
  circuit::NetId plus, minus, out, vdd, vss;
};

/// The shipped macromodel's text. Throws RunError when it is not found.
const circuit::Definition& op_amp_definition();

/// An op-amp to be added to a circuit that holds op_amp_definition().
circuit::Instance op_amp_instance(const std::string& name,
                                  const OpAmpPins& pins,
                                  const device::OpAmpFigures& figures);

}  // namespace memspice::synthesis
