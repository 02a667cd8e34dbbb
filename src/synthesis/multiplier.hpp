#pragma once
// An analog multiplier: out = x s / signal.
//
//   x = in_0, s = in_1                 bias --[>--o-- gate of M2
//                                                 |
//              +------o x o-----+      s --/\/\---o--[amplifier 2]-- gate of M1: bias + s
//              |                |
//       gate 1-|| M1     gate 2-|| M2      two equal NMOS transistors in the triode region,
//              |                |          sources at virtual grounds
//              o I+             o I-
//              +--|subtractor|--+
//                      |
//                    out_0 = R_f (I+ - I-)
//
// In the triode region I = K W/L ((V_gate - V_t) x - x^2/2): the difference of two such currents is
// K W/L s x, threshold and square gone, for x of either sign. R_f = 1 / (K W/L signal).
// Source: Czarnul, Novel MOS resistive circuit for synthesis of fully integrated continuous-time
// filters, IEEE TCAS 33 (1986) 718. Differs from it: both sources are virtual grounds, so that the
// second pair of transistors would carry no current and is left out. It does the work of a Gilbert
// cell with signals about ground. Channel-length modulation adds LAMBDA |x| of the product.

#include "synthesis/analog_draft.hpp"

namespace memspice::synthesis {

struct MultiplierSpec {
  std::string name = {};  ///< empty: multiplier, `_behavioural` behind it for the twin
  Realisation realisation = Realisation::Transistor;
};

/// in_0: x within +-signal, in_1: s within 0 .. signal. Throws InputError naming the block when the
/// supplies leave no room for the gate voltages.
AnalogBlock build_multiplier(const MultiplierSpec& spec, const device::AnalogFigures& figures);

}  // namespace memspice::synthesis
