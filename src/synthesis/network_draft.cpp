#include "synthesis/network_draft.hpp"

#include "circuit/name.hpp"

namespace memspice::synthesis {

using circuit::Instance;
using circuit::kGround;
using circuit::Kind;
using circuit::NetId;

NetworkDraft::NetworkDraft(const std::string& name, const device::AnalogFigures& figures)
    : top_(circuit::legal_name(name)), figures_(figures) {
  vdd_ = net("vdd");
  vss_ = net("vss");
  source("vdd", vdd_, circuit::Dc{figures.vdd.value});
  source("vss", vss_, circuit::Dc{figures.vss.value});
}

NetId NetworkDraft::net(const std::string& name) {
  return top_.add_net(circuit::legal_name(name));
}

NetworkDraft::Nets NetworkDraft::nets(const std::string& base, int count) {
  Nets all;
  for (int k = 0; k < count; ++k) all.push_back(net(base + '_' + std::to_string(k)));
  return all;
}

void NetworkDraft::resistor(const std::string& name, NetId a, NetId b, double R) {
  top_.add({.name = circuit::legal_name(name), .pins = {a, b}, .value = R});
}

void NetworkDraft::source(const std::string& name, NetId net, circuit::Waveform wave) {
  top_.add({.name = circuit::legal_name(name),
            .kind = Kind::VoltageSource,
            .pins = {net, kGround},
            .waveform = std::move(wave)});
}

void NetworkDraft::block(const std::string& name,
                         const std::shared_ptr<const circuit::Circuit>& body,
                         std::vector<NetId> pins) {
  top_.add_subcircuit(body);
  top_.add({.name = circuit::legal_name(name),
            .kind = Kind::Subcircuit,
            .pins = std::move(pins),
            .model = body->name()});
}

void NetworkDraft::leak(NetId net, int pins) {
  constexpr double kLeak = 1e12;  // [Ohm]
  if (top_.pins_on(net) == pins) resistor("leak_" + top_.net_name(net), net, kGround, kLeak);
}

NetId NetworkDraft::gate(double V) {
  if (!gate_) {
    gate_ = net("gate_lines");
    source("gate_lines", *gate_, circuit::Dc{V});
  }
  return *gate_;
}

NetId NetworkDraft::element(network::LayerId id, int index) const {
  return index < 0 ? kGround : tensors_.at(id.value).at(static_cast<std::size_t>(index));
}

}  // namespace memspice::synthesis
