// A hyperbolic tangent from square-law transistors.
//
//            vdd      vdd
//             | R_L    | R_L         i_- - i_+ = sum_k I_k f(v / V_k), f(z) = z sqrt(1 - z^2/4) up
//             |        |             to z = sqrt 2, 1 beyond: the current of a source-coupled pair
//      R_f +--+---- minus            in strong inversion (Shichman-Hodges). Two pairs,
//   out ---+  |        +-- R_f --    V = 0.75 and 1.6 units, I = 0.464 and 0.523, follow tanh
//   within
//        | |  |        | |     gnd   1.2 % (least largest error on 0 .. 4). One pair alone: 4.8 %.
//        |/-----+  +----\+
//             | d  d'  |             The op-amp holds both drains at one voltage, so that LAMBDA
//       v --| M      M' |-- gnd      does the same to both.
//             +---+----+
//                 |
//          mirror -|  I_k, with a resistor in its source
//                 vss

#include <cmath>

#include "synthesis/neuron_circuits.hpp"

namespace memspice::synthesis {
namespace {

using circuit::kGround;
using circuit::NetId;

struct Pair {
  double V;  ///< overdrive in units of the argument [1]
  double I;  ///< in units of the full-scale current [1]
};
constexpr Pair kPairs[] = {{0.75, 0.464177}, {1.6, 0.523184}};

constexpr double kFullCurrent = 100e-6;      // [A]
constexpr double kReferenceCurrent = 50e-6;  // [A]
constexpr double kMirrorOverdrive = 0.1;     // [V]: low, so that the tails reach near vss
constexpr double kDegeneration = 0.3;  // [V] on the source resistors: six-fold output resistance
// Drain to source of a pair at rest [V]: LAMBDA raises the transconductance by this much.
constexpr double kPairDrain = 0.6;

double mirror_width(const device::MosfetFigures& nmos, double I) {
  return 2.0 * I * nmos.length / (nmos.transconductance * kMirrorOverdrive * kMirrorOverdrive);
}

/// The mirror's input: a resistor from vdd sets its current.
NetId add_reference(AnalogDraft& draft) {
  const device::AnalogFigures& card = draft.figures();
  const device::MosfetFigures& nmos = card.nmos;
  const double body = nmos.body_effect * (std::sqrt(nmos.surface_potential + kDegeneration) -
                                          std::sqrt(nmos.surface_potential));
  const double gate = nmos.threshold + kMirrorOverdrive + body + kDegeneration;
  const NetId bias = draft.net("bias");
  const NetId foot = draft.net("bias_foot");
  draft.resistor(
      "r_bias", draft.vdd(), bias, (card.vdd.value - card.vss.value - gate) / kReferenceCurrent);
  draft.nmos("m_bias", {bias, bias, foot, draft.vss()}, mirror_width(nmos, kReferenceCurrent));
  draft.resistor("r_bias_foot", foot, draft.vss(), kDegeneration / kReferenceCurrent);
  return bias;
}

void add_pair(AnalogDraft& draft,
              const std::string& k,
              const Pair& pair,
              double gate_unit,
              const std::vector<NetId>& pins) {
  const device::MosfetFigures& nmos = draft.figures().nmos;
  const double I = pair.I * kFullCurrent;
  const double V = pair.V * gate_unit;
  const double width =
      nmos.length * I / (nmos.transconductance * V * V * (1.0 + nmos.modulation * kPairDrain));
  const NetId tail = draft.net("tail_" + k);
  const NetId foot = draft.net("foot_" + k);
  const NetId gate = pins[0], minus = pins[1], plus = pins[2], bias = pins[3];
  draft.nmos("m_" + k, {minus, gate, tail, tail}, width);
  draft.nmos("m_other_" + k, {plus, kGround, tail, tail}, width);
  draft.nmos("m_tail_" + k, {tail, bias, foot, draft.vss()}, mirror_width(nmos, I));
  draft.resistor("r_foot_" + k, foot, draft.vss(), kDegeneration / I);
}

}  // namespace

NetId add_tanh(AnalogDraft& draft, NetId gate, const TanhShape& shape) {
  const NetId out = draft.net("out_0");
  const NetId minus = draft.net("minus");
  const NetId plus = draft.net("plus");
  const NetId bias = add_reference(draft);
  for (std::size_t k = 0; k < std::size(kPairs); ++k) {
    add_pair(draft, std::to_string(k), kPairs[k], shape.gate_unit, {gate, minus, plus, bias});
  }
  const double R_load = draft.figures().resistor.value;
  draft.resistor("r_load_minus", draft.vdd(), minus, R_load);
  draft.resistor("r_load_plus", draft.vdd(), plus, R_load);
  const double R_f = shape.amplitude / kFullCurrent;
  draft.resistor("r_f", out, minus, R_f);
  // R_f to `level`: a divider of the same resistance between vdd and ground.
  const double up = shape.level / draft.figures().vdd.value;
  if (up > 0) draft.resistor("r_level", draft.vdd(), plus, R_f / up);
  draft.resistor("r_ground", plus, kGround, R_f / (1.0 - up));
  draft.op_amp("u_out", plus, minus, out);
  return out;
}

}  // namespace memspice::synthesis
