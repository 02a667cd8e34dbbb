#include "circuit/circuit.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <cmath>
#include <unordered_map>
#include <utility>

#include "base/error.hpp"
#include "circuit/expression.hpp"
#include "circuit/name.hpp"

namespace memspice::circuit {
namespace {

/// A vertex of the bipartite graph: a net or an instance, by its number.
struct Vertex {
  bool is_net = true;
  int index = 0;
};

struct Pin {
  int position = 0;  ///< in the instance's list of pins
};

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS, Vertex, Pin>;

/// Pins that a kind has; 0 for a subcircuit, whose definition decides.
std::size_t pin_count(Kind kind) {
  switch (kind) {
    case Kind::Subcircuit:
      return 0;
    case Kind::VoltageControlledVoltage:
    case Kind::VoltageControlledCurrent:
    case Kind::Mosfet:
    case Kind::VoltageSwitch:
      return 4;
    default:
      return 2;
  }
}

bool has_model(Kind kind) {
  return kind == Kind::Diode || kind == Kind::Mosfet || kind == Kind::VoltageSwitch ||
         kind == Kind::Subcircuit;
}

bool is_behavioural(Kind kind) {
  return kind == Kind::BehaviouralVoltage || kind == Kind::BehaviouralCurrent;
}

void check_parameters(Instance& instance, const std::string& place) {
  for (Parameter& parameter : instance.parameters) {
    parameter.name = checked_name(parameter.name, place + " parameter");
    if (!std::isfinite(parameter.value)) {
      reject(place, parameter.name, "is not finite", "give the parameter a number");
    }
  }
}

}  // namespace

struct Circuit::Impl {
  explicit Impl(std::string_view circuit_name) : name(checked_name(circuit_name, "circuit")) {
    net_names.emplace_back("0");
    net_vertices.push_back(boost::add_vertex(Vertex{true, 0}, graph));
  }

  std::string name;
  Graph graph;
  std::vector<Graph::vertex_descriptor> net_vertices;
  std::vector<std::string> net_names;
  std::unordered_map<std::string, int> nets;
  std::vector<Instance> instances;
  std::unordered_map<std::string, int> instance_names;
  std::vector<Definition> definitions;
  std::vector<std::shared_ptr<const Circuit>> subcircuits;
  std::vector<NetId> ports;

  bool has(NetId net) const {
    return net.value >= 0 && static_cast<std::size_t>(net.value) < net_names.size();
  }
};

Circuit::Circuit(std::string name) : impl_(std::make_unique<Impl>(name)) {}
Circuit::~Circuit() = default;
Circuit::Circuit(Circuit&&) noexcept = default;
Circuit& Circuit::operator=(Circuit&&) noexcept = default;

const std::string& Circuit::name() const noexcept {
  return impl_->name;
}

NetId Circuit::add_net(std::string_view name) {
  const std::string place = impl_->name + " net";
  std::string folded = checked_name(name, place);
  if (is_reserved_net(folded)) {
    reject(place, folded, "means something else to SPICE", "choose another name");
  }
  const int index = net_count();
  if (!impl_->nets.emplace(folded, index).second) {
    reject(place, folded, "this name is taken", "names are unique, whatever their case; rename it");
  }
  impl_->net_names.push_back(std::move(folded));
  impl_->net_vertices.push_back(boost::add_vertex(Vertex{true, index}, impl_->graph));
  return NetId{index};
}

std::optional<NetId> Circuit::find_net(std::string_view name) const {
  if (name == "0") return kGround;
  if (!is_legal_name(name)) return std::nullopt;
  const auto found = impl_->nets.find(checked_name(name, "net"));
  if (found == impl_->nets.end()) return std::nullopt;
  return NetId{found->second};
}

const std::string& Circuit::net_name(NetId net) const {
  return impl_->net_names.at(static_cast<std::size_t>(net.value));
}

int Circuit::net_count() const noexcept {
  return static_cast<int>(impl_->net_names.size());
}

InstanceId Circuit::add(Instance instance) {
  instance.name = checked_name(instance.name, impl_->name + " instance");
  const std::string place = impl_->name + "." + instance.name;
  const std::size_t wanted = pin_count(instance.kind);
  if (instance.pins.empty() || (wanted != 0 && instance.pins.size() != wanted)) {
    reject(place,
           std::to_string(instance.pins.size()) + " pins",
           "this kind of element has " + (wanted ? std::to_string(wanted) : "at least 1"),
           "connect each pin to a net");
  }
  for (const NetId net : instance.pins) {
    if (!impl_->has(net)) {
      reject(place, "net " + std::to_string(net.value), "does not exist", "add the net first");
    }
  }
  if (has_model(instance.kind)) instance.model = checked_name(instance.model, place + " model");
  check_parameters(instance, place);
  if (is_behavioural(instance.kind)) {
    const auto find = [this](std::string_view name) { return find_net(name); };
    instance.expression = parse_expression(instance.expression, place, find).text;
  }
  const int index = static_cast<int>(impl_->instances.size());
  if (!impl_->instance_names.emplace(instance.name, index).second) {
    reject(place, instance.name, "this name is taken", "names are unique, whatever their case");
  }
  const auto vertex = boost::add_vertex(Vertex{false, index}, impl_->graph);
  for (std::size_t k = 0; k < instance.pins.size(); ++k) {
    const auto net = static_cast<std::size_t>(instance.pins[k].value);
    boost::add_edge(impl_->net_vertices[net], vertex, Pin{static_cast<int>(k)}, impl_->graph);
  }
  impl_->instances.push_back(std::move(instance));
  return InstanceId{index};
}

std::span<const Instance> Circuit::instances() const noexcept {
  return impl_->instances;
}

std::optional<InstanceId> Circuit::find_instance(std::string_view name) const {
  if (!is_legal_name(name)) return std::nullopt;
  const auto found = impl_->instance_names.find(checked_name(name, "instance"));
  if (found == impl_->instance_names.end()) return std::nullopt;
  return InstanceId{found->second};
}

std::vector<InstanceId> Circuit::instances_on(NetId net) const {
  const auto vertex = impl_->net_vertices.at(static_cast<std::size_t>(net.value));
  std::vector<InstanceId> found;
  found.reserve(boost::out_degree(vertex, impl_->graph));
  const auto [begin, end] = boost::adjacent_vertices(vertex, impl_->graph);
  for (auto it = begin; it != end; ++it) found.push_back(InstanceId{impl_->graph[*it].index});
  return found;
}

int Circuit::pins_on(NetId net) const {
  const auto vertex = impl_->net_vertices.at(static_cast<std::size_t>(net.value));
  return static_cast<int>(boost::out_degree(vertex, impl_->graph));
}

void Circuit::add_definition(Definition definition) {
  definition.name = checked_name(definition.name, impl_->name + " definition");
  for (const Definition& known : impl_->definitions) {
    if (known.name != definition.name) continue;
    if (known.text == definition.text) return;
    reject(impl_->name,
           definition.name,
           "is already defined with another text",
           "give each definition a name of its own");
  }
  impl_->definitions.push_back(std::move(definition));
}

std::span<const Definition> Circuit::definitions() const noexcept {
  return impl_->definitions;
}

void Circuit::add_subcircuit(std::shared_ptr<const Circuit> body) {
  for (const auto& known : impl_->subcircuits) {
    if (known == body) return;
    if (known->name() == body->name()) {
      reject(impl_->name,
             body->name(),
             "is already the name of another subcircuit",
             "give each subcircuit a name of its own");
    }
  }
  impl_->subcircuits.push_back(std::move(body));
}

std::span<const std::shared_ptr<const Circuit>> Circuit::subcircuits() const noexcept {
  return impl_->subcircuits;
}

void Circuit::set_ports(std::vector<NetId> ports) {
  for (std::size_t k = 0; k < ports.size(); ++k) {
    const bool twice =
        std::find(ports.begin(), ports.begin() + static_cast<std::ptrdiff_t>(k), ports[k]) !=
        ports.begin() + static_cast<std::ptrdiff_t>(k);
    if (!impl_->has(ports[k]) || ports[k] == kGround || twice) {
      reject(impl_->name,
             "port " + std::to_string(k),
             "is no net of this circuit, is ground, or is a port already",
             "name each port's net once; ground is everywhere");
    }
  }
  impl_->ports = std::move(ports);
}

std::span<const NetId> Circuit::ports() const noexcept {
  return impl_->ports;
}

}  // namespace memspice::circuit
