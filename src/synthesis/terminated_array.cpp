#include "synthesis/terminated_array.hpp"

#include <optional>

#include "circuit/name.hpp"
#include "synthesis/array_lines.hpp"

namespace memspice::synthesis {
namespace {

using circuit::Circuit;
using circuit::NetId;

/// The far side of a line's terminations: one net, joined to each terminal by a resistor.
std::optional<NetId> terminate(Circuit& array, const LineNets& line, const std::string& name) {
  if (line.terminals.empty()) return std::nullopt;
  if (line.termination == 0) return line.terminals.front();
  const NetId port = array.add_net(name);
  for (std::size_t end = 0; end < line.terminals.size(); ++end) {
    array.add({.name = name + "_r" + (end == 0 ? "" : "_second"),
               .pins = {port, line.terminals[end]},
               .value = line.termination});
  }
  return port;
}

}  // namespace

TerminatedArray build_terminated_array(const TileSpec& spec) {
  using Line = TerminatedArray::Port::Line;
  spec.validate();
  auto array = std::make_shared<Circuit>(circuit::legal_name(spec.name));
  const ArrayNets nets = add_array(*array, spec, true);
  TerminatedArray built{.body = array, .ports = {}};
  std::vector<NetId> ports;
  const auto add = [&](const std::vector<LineNets>& lines, Line kind, const char* prefix) {
    for (std::size_t k = 0; k < lines.size(); ++k) {
      const auto port = terminate(*array, lines[k], prefix + std::to_string(k));
      if (!port) continue;
      ports.push_back(*port);
      built.ports.push_back({kind, static_cast<Eigen::Index>(k)});
    }
  };
  add(nets.word_lines, Line::Driven, "driver_");
  add(nets.bit_lines, Line::Sensed, "sense_");
  for (const auto& [i, net] : nets.gates) {
    ports.push_back(net);
    built.ports.push_back({Line::Gate, i});
  }
  array->set_ports(std::move(ports));
  return built;
}

}  // namespace memspice::synthesis
