// A layer with weights as a circuit: a crossbar per position and tile, whose bit lines join those
// of the other row tiles (and, of a transposed convolution, of other pixels) at the readouts.
//
//   shared bit line    x_i --o------------ R_driver -- word line 2i
//                            +--|inverter|-- R_driver -- word line 2i + 1     (one inverter a
//                            value)

#include <cmath>

#include "synthesis/network_draft.hpp"
#include "synthesis/terminated_array.hpp"

namespace memspice::synthesis {
namespace {

using circuit::kGround;
using circuit::NetId;

class ArrayStageBuilder {
 public:
  ArrayStageBuilder(NetworkDraft& draft, const NetworkStage& stage, const ArrayMake& make)
      : draft_(draft),
        stage_(stage),
        arrays_(std::get<ArrayStage>(stage.content)),
        make_(make),
        plus_(draft.nets(stage.name + "_plus", stage.size)),
        minus_(draft.nets(stage.name + "_minus", stage.size)) {}

  NetworkDraft::Nets build() {
    const NetId tap = add_bias_tap();
    const ArrayUse* before = nullptr;
    NetId bias = kGround;
    for (const ArrayUse& use : arrays_.arrays) {
      const bool is_new = before == nullptr || use.y != before->y || use.x != before->x;
      if (is_new && arrays_.bias_voltage > 0) bias = add_bias(use, tap);
      add_array(use, bias);
      before = &use;
    }
    add_bias_currents();
    return add_readouts();
  }

 private:
  /// A divider per layer gives the bias voltage; a follower per position drives the word lines.
  NetId add_bias_tap() {
    if (arrays_.bias_voltage <= 0) return kGround;
    const double R = draft_.figures().resistor.value;
    const double share = arrays_.bias_voltage / draft_.figures().vdd.value;
    const NetId tap = draft_.net(stage_.name + "_bias_tap");
    draft_.resistor(stage_.name + "_bias_top", draft_.vdd(), tap, R * (1 - share));
    draft_.resistor(stage_.name + "_bias_low", tap, kGround, R * share);
    AnalogDraft follower(stage_.name + "_bias_follower", draft_.figures(), 1);
    follower_ = follower.finish({follower.follower("out_0", follower.in(0))}).body;
    return tap;
  }

  NetId add_bias(const ArrayUse& use, NetId tap) {
    const std::string name =
        stage_.name + "_bias_p" + std::to_string(use.y) + "_q" + std::to_string(use.x);
    const NetId net = draft_.net(name);
    draft_.block(name, follower_, {draft_.vdd(), draft_.vss(), tap, net});
    return net;
  }

  NetId bit_line(const ArrayUse& use, Eigen::Index line) const {
    const crossbar::LineRole role = make_.topology->bit_line(line);
    const int element = use.outputs[static_cast<std::size_t>(role.number)];
    if (element < 0) return kGround;
    return (role.is_negative ? minus_ : plus_)[static_cast<std::size_t>(element)];
  }

  NetId word_line(const ArrayUse& use, Eigen::Index line, NetId bias) {
    const crossbar::LineRole role = make_.topology->word_line(line);
    const auto input = static_cast<std::size_t>(role.number);
    const NetId net = input < use.inputs.size()
                          ? draft_.element(stage_.operands.front(), use.inputs[input])
                          : bias;
    return role.is_negative ? inverse_of(net) : net;
  }

  /// What carries the opposite of a net: an inverter, once for all word lines that take it.
  NetId inverse_of(NetId net) {
    if (net == kGround) return kGround;
    const auto known = inverses_.find(net.value);
    if (known != inverses_.end()) return known->second;
    const std::string name = stage_.name + "_inverse_" + draft_.circuit().net_name(net);
    const NetId inverse = draft_.net(name);
    draft_.block(name, inverter(), {draft_.vdd(), draft_.vss(), net, inverse});
    return inverses_.emplace(net.value, inverse).first->second;
  }

  const std::shared_ptr<const circuit::Circuit>& inverter() {
    if (!inverter_) {
      AnalogDraft draft(stage_.name + "_inverter", draft_.figures(), 1);
      const double R = draft_.figures().resistor.value;
      inverter_ = draft.finish({draft.inverter("out_0", draft.in(0), R, R)}).body;
    }
    return inverter_;
  }

  void add_array(const ArrayUse& use, NetId bias) {
    using Line = TerminatedArray::Port::Line;
    const TerminatedArray& array = array_of(*use.tile);
    if (!array.body) return;
    std::vector<NetId> pins;
    for (const TerminatedArray::Port& port : array.ports) {
      pins.push_back(port.line == Line::Driven   ? word_line(use, port.number, bias)
                     : port.line == Line::Sensed ? bit_line(use, port.number)
                                                 : draft_.gate(gate_voltage_));
    }
    draft_.block(use.name, array.body, std::move(pins));
  }

  /// One subcircuit per distinct tile; none for a tile without a cell.
  const TerminatedArray& array_of(const mapping::Tile& tile) {
    const auto known = bodies_.find(&tile);
    if (known != bodies_.end()) return known->second;
    TerminatedArray& array = bodies_[&tile];
    if (tile.G.maxCoeff() <= 0) return array;
    const TileSpec spec = make_.spec(tile);
    if (const auto* access = std::get_if<device::AccessTransistor>(&spec.cell.access)) {
      gate_voltage_ = access->gate_voltage;
    }
    return array = build_terminated_array(spec);
  }

  void add_bias_currents() {
    for (std::size_t k = 0; k < arrays_.bias_currents.size(); ++k) {
      const double I = arrays_.bias_currents[k];
      if (I == 0) continue;
      draft_.resistor(stage_.name + "_bias_" + std::to_string(k),
                      draft_.vdd(),
                      I > 0 ? plus_[k] : minus_[k],
                      draft_.figures().vdd.value / std::abs(I));
    }
  }

  NetworkDraft::Nets add_readouts() {
    NetworkDraft::Nets outputs = draft_.nets(stage_.name, stage_.size);
    for (std::size_t k = 0; k < outputs.size(); ++k) {
      draft_.leak(plus_[k], 0);  // no bit line at all: a gap that a stride leaves
      draft_.leak(minus_[k], 0);
      draft_.block(stage_.name + "_read_" + std::to_string(k),
                   arrays_.readout.body,
                   {draft_.vdd(), draft_.vss(), plus_[k], minus_[k], outputs[k]});
    }
    return outputs;
  }

  NetworkDraft& draft_;
  const NetworkStage& stage_;
  const ArrayStage& arrays_;
  const ArrayMake& make_;
  NetworkDraft::Nets plus_, minus_;
  std::shared_ptr<const circuit::Circuit> follower_;
  std::map<const mapping::Tile*, TerminatedArray> bodies_;
  std::shared_ptr<const circuit::Circuit> inverter_;
  std::map<int, NetId> inverses_;  // by net
  double gate_voltage_ = 0.0;      // of gated cells [V]: all are selected while inputs are values
};

}  // namespace

ArrayMake bare_arrays(double alpha, const crossbar::Wiring& wiring) {
  return {.spec = [alpha, wiring](const mapping::Tile& tile) -> TileSpec {
            return {.name = tile.name, .G = tile.G, .alpha = alpha, .wiring = wiring};
          },
          .topology = crossbar::make_topology({}, {}, 0.0)};
}

NetworkDraft::Nets add_array_stage(NetworkDraft& draft,
                                   const NetworkStage& stage,
                                   const ArrayMake& make) {
  return ArrayStageBuilder(draft, stage, make).build();
}

}  // namespace memspice::synthesis
