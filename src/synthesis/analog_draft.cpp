#include "synthesis/analog_draft.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "circuit/name.hpp"
#include "synthesis/analog_models.hpp"
#include "synthesis/op_amp.hpp"

namespace memspice::synthesis {
namespace {

using circuit::kGround;
using circuit::Kind;

constexpr int kMostInputs = 4096;

}  // namespace

AnalogDraft::AnalogDraft(std::string_view name, const device::AnalogFigures& figures, int inputs)
    : body_(std::make_shared<circuit::Circuit>(circuit::legal_name(name))), figures_(figures) {
  if (inputs < 1 || inputs > kMostInputs) {
    throw InputError({.place = std::string(name),
                      .value = std::to_string(inputs) + " inputs",
                      .rule = "a block has 1 to " + std::to_string(kMostInputs),
                      .remedy = "choose another size"});
  }
  vdd_ = net("vdd");
  vss_ = net("vss");
  for (int k = 0; k < inputs; ++k) inputs_.push_back(net("in_" + std::to_string(k)));
}

void AnalogDraft::add(const std::string& name,
                      Kind kind,
                      std::vector<NetId> pins,
                      double value,
                      const std::string& model) {
  body_->add({.name = name, .kind = kind, .pins = std::move(pins), .value = value, .model = model});
}

void AnalogDraft::resistor(const std::string& name, NetId a, NetId b, double R) {
  add(name, Kind::Resistor, {a, b}, R);
}

void AnalogDraft::capacitor(const std::string& name, NetId a, NetId b, double C) {
  add(name, Kind::Capacitor, {a, b}, C);
}

void AnalogDraft::diode(const std::string& name, NetId anode, NetId cathode) {
  body_->add_definition(diode_model(figures_.diode));
  add(name, Kind::Diode, {anode, cathode}, 0.0, kDiodeModel);
}

void AnalogDraft::mosfet(const std::string& name,
                         const std::vector<NetId>& pins,
                         double width,
                         const device::MosfetFigures& figures,
                         const std::string& model) {
  body_->add({.name = name,
              .kind = Kind::Mosfet,
              .pins = pins,
              .model = model,
              .parameters = {{"w", width}, {"l", figures.length}}});
}

void AnalogDraft::nmos(const std::string& name, const std::vector<NetId>& pins, double width) {
  body_->add_definition(nmos_model(figures_.nmos));
  mosfet(name, pins, width, figures_.nmos, kNmosModel);
}

void AnalogDraft::pmos(const std::string& name, const std::vector<NetId>& pins, double width) {
  body_->add_definition(pmos_model(figures_.pmos));
  mosfet(name, pins, width, figures_.pmos, kPmosModel);
}

void AnalogDraft::op_amp(const std::string& name, NetId plus, NetId minus, NetId out) {
  body_->add_definition(op_amp_definition());
  body_->add(op_amp_instance(name, {plus, minus, out, vdd_, vss_}, figures_.op_amp));
}

void AnalogDraft::behaviour(const std::string& name, NetId net, const std::string& expression) {
  body_->add({.name = name,
              .kind = Kind::BehaviouralVoltage,
              .pins = {net, kGround},
              .expression = expression});
}

void AnalogDraft::block(const std::string& name, const AnalogBlock& part, std::vector<NetId> pins) {
  body_->add_subcircuit(part.body);
  add(name, Kind::Subcircuit, std::move(pins), 0.0, part.body->name());
}

circuit::NetId AnalogDraft::follower(const std::string& name, NetId in) {
  const NetId out = net(name);
  op_amp("u_" + name, in, out, out);
  return out;
}

circuit::NetId AnalogDraft::inverter(const std::string& name, NetId in, double R_in, double R_f) {
  return summer(name, {{in, R_in}}, R_f);
}

circuit::NetId AnalogDraft::summer(const std::string& name,
                                   const std::vector<SummerInput>& inputs,
                                   double R_f) {
  const NetId out = net(name);
  const NetId node = net(name + "_sum");
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    resistor(name + "_r" + std::to_string(k), inputs[k].net, node, inputs[k].R);
  }
  resistor(name + "_rf", out, node, R_f);
  op_amp("u_" + name, kGround, node, out);
  return out;
}

circuit::NetId AnalogDraft::amplifier(const std::string& name, NetId in, double R_g, double R_f) {
  const NetId out = net(name);
  const NetId node = net(name + "_tap");
  resistor(name + "_rg", node, kGround, R_g);
  resistor(name + "_rf", out, node, R_f);
  op_amp("u_" + name, in, node, out);
  return out;
}

circuit::NetId AnalogDraft::difference(
    const std::string& name, NetId plus, NetId minus, double R_in, double R_f) {
  const NetId out = net(name);
  const NetId up = net(name + "_plus");
  const NetId down = net(name + "_minus");
  resistor(name + "_rp", plus, up, R_in);
  resistor(name + "_rg", up, kGround, R_f);
  resistor(name + "_rm", minus, down, R_in);
  resistor(name + "_rf", out, down, R_f);
  op_amp("u_" + name, up, down, out);
  return out;
}

AnalogBlock AnalogDraft::finish(const std::vector<NetId>& outputs) {
  std::vector<NetId> ports{vdd_, vss_};
  ports.insert(ports.end(), inputs_.begin(), inputs_.end());
  // What a behavioural source reads, or a twin does not need, is a pin of nothing: the leak of a
  // gate stands for it.
  constexpr double kLeak = 1e12;  // [Ohm]
  for (const NetId port : ports) {
    if (body_->pins_on(port) == 0) resistor("leak_" + body_->net_name(port), port, kGround, kLeak);
  }
  ports.insert(ports.end(), outputs.begin(), outputs.end());
  body_->set_ports(std::move(ports));
  AnalogBlock block;
  block.inputs = inputs();
  block.outputs = static_cast<int>(outputs.size());
  block.low = Eigen::VectorXd::Zero(block.inputs);
  block.high = Eigen::VectorXd::Zero(block.inputs);
  block.devices = count_devices(*body_);
  block.body = body_;
  return block;
}

}  // namespace memspice::synthesis
