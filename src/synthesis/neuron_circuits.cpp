#include "synthesis/neuron_circuits.hpp"

#include <algorithm>
#include <cmath>

namespace memspice::synthesis {

using circuit::kGround;
using circuit::NetId;

//  in --|+\                         The op-amp forward-biases its diode and holds out at in; below
//       |  >--|>|--+--- out         0 V the diode is off and R holds out at ground. The diode's
//     +-|-/        |                drop is divided by the open-loop gain.
//     +------------+--/\/\-- gnd
NetId add_relu(AnalogDraft& draft, const std::string& name, NetId in) {
  const NetId out = draft.net(name);
  const NetId drive = draft.net(name + "_drive");
  draft.op_amp("u_" + name, in, out, drive);
  draft.diode(name + "_d", drive, out);
  draft.resistor(name + "_r", out, kGround, draft.figures().resistor.value);
  return out;
}

//  in --------------|+\  .
//      |            |  >--|>|--+          Two such followers on one node, which R pulls down:
//      |          +-|-/        |          the higher one wins, max(in, slope in). A buffer drives
//     R(1-s)      +------------+--|+\     the output.
//      +------------|+\        |  |  >-+-- out
//      |            |  >--|>|--+  +-/  |
//     R s         +-|-/        |  +----+
//      gnd        +------------+--/\/\-- vss
NetId add_leaky_relu(AnalogDraft& draft, double slope) {
  const double R = draft.figures().resistor.value;
  const NetId tap = draft.net("tap");
  draft.resistor("r_tap", draft.in(0), tap, R * (1.0 - slope));
  draft.resistor("r_tap_ground", tap, kGround, R * slope);
  const NetId node = draft.net("max");
  for (const auto& [name, in] : {std::pair{"steep", draft.in(0)}, {"flat", tap}}) {
    const NetId drive = draft.net(name);
    draft.op_amp(std::string("u_") + name, in, node, drive);
    draft.diode(std::string("d_") + name, drive, node);
  }
  draft.resistor("r_max", node, draft.vss(), R);
  return draft.follower("out_0", node);
}

//             vdd
//              | R/b         v(node) = weight v(in) + level, all resistances together R;
//   in --R/w---+--- node     w + b + g = 1, level = b vdd
//              | R/g
//             gnd
NetId add_weighted_node(AnalogDraft& draft,
                        const std::string& name,
                        const WeightedInput& input,
                        double level) {
  constexpr double kNothing = 1e-9;  // of the sum of weights: left out
  const double R = draft.figures().resistor.value;
  const NetId node = draft.net(name);
  const double up = level / draft.figures().vdd.value;
  const double down = 1.0 - input.weight - up;
  draft.resistor(name + "_r_in", input.net, node, R / input.weight);
  if (up > kNothing) draft.resistor(name + "_r_up", draft.vdd(), node, R / up);
  if (down > kNothing) draft.resistor(name + "_r_down", node, kGround, R / down);
  return node;
}

//   vdd --R--+--R-- gnd                 ceiling on a divider; above it the op-amp sinks what the
//            |                          node's source resistance brings; then the ReLU, whose
//   ceiling -|+\                        input takes no current
//            |  >--|<|--+
//   node --+-|-/        |
//          +------------+--- relu --- out
NetId add_window(AnalogDraft& draft, const std::string& name, NetId node, double ceiling) {
  const NetId top = draft.net(name + "_ceiling");
  const double part = ceiling / draft.figures().vdd.value;
  const double R = draft.figures().resistor.value;
  draft.resistor(name + "_r_top", draft.vdd(), top, R / part);
  draft.resistor(name + "_r_ground", top, kGround, R / (1.0 - part));
  const NetId sink = draft.net(name + "_sink");
  draft.op_amp("u_" + name + "_clamp", top, node, sink);
  draft.diode(name + "_d_clamp", node, sink);
  return add_relu(draft, name, node);
}

/// A transistor that draws from `sum`, a virtual ground, `current` [A] where h is at `scale` [V]
/// and the square of h's share elsewhere: its gate rests at the threshold and rises with h.
void add_square(AnalogDraft& draft, NetId h, double scale, NetId sum, double current) {
  const device::AnalogFigures& card = draft.figures();
  const double R = card.resistor.value;
  const NetId gate = draft.net("gate");
  const double part = card.nmos.threshold / -card.vss.value;  // of the divider, from vss
  draft.resistor("r_gate_h", h, gate, R * (1.0 - part) / part);
  draft.resistor("r_gate_vss", gate, draft.vss(), R);
  const double overdrive = scale * part;  // [V]
  const double early = 1.0 + card.nmos.modulation * -card.vss.value;
  const double width = 2.0 * current * card.nmos.length /
                       (card.nmos.transconductance * overdrive * overdrive * early);
  draft.nmos("m_square", {sum, gate, draft.vss(), draft.vss()}, width);
}

/// max(x - 3u, 0), inverted: x and a current of -3u from the negative supply.
NetId add_excess(AnalogDraft& draft, double u) {
  const double R = draft.figures().resistor.value;
  const NetId over = draft.net("over");
  const NetId sum = draft.net("over_sum");
  const NetId drive = draft.net("over_drive");
  draft.resistor("r_over_x", draft.in(0), sum, R);
  draft.resistor("r_over_vss", draft.vss(), sum, R * -draft.figures().vss.value / (3.0 * u));
  draft.op_amp("u_over", kGround, sum, drive);
  draft.diode("d_over", over, drive);
  draft.diode("d_under", drive, sum);
  draft.resistor("r_over_f", over, sum, R);
  return over;
}

//   h = 0.6 V hard_sigmoid(x/u)            x hard_sigmoid(x) = 6 h^2 - 3 h + max(x - 3, 0) for h
//                                          in its own scale: the square is a transistor's, which
//   h --R--+--R-- vss   +--- M1 drain      is off at h = 0; the rest are resistors into one sum.
//          gate of M1   |
//   h ------- R_h ------+--R_f--+
//                       |       |
//   -max(x - 3u, 0) -R_x+--|-\  |
//                     gnd--|+ >-+-- out    M1: source at vss, drain at the virtual ground
NetId add_hard_swish(AnalogDraft& draft, double u) {
  const device::AnalogFigures& card = draft.figures();
  // The window's height: within the passive divider, and a diode's drop below the op-amp's swing.
  const double swing = card.vdd.value - card.op_amp.headroom.value;
  const double passive = 0.95 / (1.0 / (6.0 * u) + 0.5 / card.vdd.value);
  const double height = std::min(passive, swing - 0.7);
  const NetId x = add_weighted_node(draft, "x", {draft.in(0), height / (6.0 * u)}, height / 2);
  // Doubled for the transistor's overdrive, and buffered: the gate's divider would pull the
  // window's output below ground where it rests at 0.
  const double scale = 2.0 * height;
  const NetId h = draft.amplifier(
      "h", add_window(draft, "window", x, height), card.resistor.value, card.resistor.value);
  constexpr double current = 4e-5;  // at h = 1 [A]: beside it op-amp and load are stiff
  const NetId out = draft.net("out_0");
  const NetId sum = draft.net("sum");
  add_square(draft, h, scale, sum, current);
  const double R_f = 6.0 * u / current;
  draft.resistor("r_h", h, sum, R_f * scale / (3.0 * u));
  draft.resistor("r_over", add_excess(draft, u), sum, R_f);
  draft.resistor("r_f", out, sum, R_f);
  draft.op_amp("u_out", kGround, sum, out);
  return out;
}

}  // namespace memspice::synthesis
