// A layer with weights as a circuit: a crossbar per position and tile, whose bit lines join those
// of the other row tiles (and, of a transposed convolution, of other pixels) at the readouts.

#include <cmath>

#include "base/text.hpp"
#include "synthesis/network_draft.hpp"
#include "synthesis/tile_circuit.hpp"

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

  NetId bit_line(const ArrayUse& use, std::size_t line) const {
    const int element = use.outputs[line / 2];
    if (element < 0) return kGround;
    return (line % 2 == 0 ? plus_ : minus_)[static_cast<std::size_t>(element)];
  }

  void add_array(const ArrayUse& use, NetId bias) {
    const auto& body = array_of(*use.tile);
    if (!body) return;
    std::vector<NetId> pins;
    for (const NetId port : body->ports()) {
      const std::string& name = body->net_name(port);
      const auto line = static_cast<std::size_t>(*parse_integer(name.substr(3)));
      if (name.starts_with("bl_")) {
        pins.push_back(bit_line(use, line));
      } else if (line < use.inputs.size()) {
        pins.push_back(draft_.element(stage_.operands.front(), use.inputs[line]));
      } else {
        pins.push_back(bias);
      }
    }
    draft_.block(use.name, body, std::move(pins));
  }

  /// One subcircuit per distinct tile; null for a tile without a cell.
  const std::shared_ptr<const circuit::Circuit>& array_of(const mapping::Tile& tile) {
    const auto known = bodies_.find(&tile);
    if (known != bodies_.end()) return known->second;
    auto& body = bodies_[&tile];
    if (tile.G.maxCoeff() > 0) {
      body = build_tile_array({.name = tile.name,
                               .G = tile.G,
                               .alpha = make_.alpha,
                               .wiring = {.row = make_.wiring.row, .column = make_.wiring.column}});
    }
    return body;
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
  std::map<const mapping::Tile*, std::shared_ptr<const circuit::Circuit>> bodies_;
};

}  // namespace

NetworkDraft::Nets add_array_stage(NetworkDraft& draft,
                                   const NetworkStage& stage,
                                   const ArrayMake& make) {
  return ArrayStageBuilder(draft, stage, make).build();
}

}  // namespace memspice::synthesis
