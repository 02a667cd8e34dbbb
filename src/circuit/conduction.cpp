#include "circuit/conduction.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/connected_components.hpp>
#include <boost/pending/disjoint_sets.hpp>
#include <numeric>
#include <sstream>

#include "base/text.hpp"
#include "circuit/expression.hpp"

namespace memspice::circuit {
namespace {

using NodeGraph = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS>;

/// Sets of nets that voltage sources hold together.
class RigidSets {
 public:
  explicit RigidSets(std::size_t count)
      : rank_(count, 0), parent_(count), sets_(&rank_[0], &parent_[0]) {
    std::iota(parent_.begin(), parent_.end(), 0);
  }
  /// Joins two nets; false when they were joined already.
  bool join(int a, int b) {
    if (find(a) == find(b)) return false;
    sets_.union_set(a, b);
    return true;
  }
  int find(int a) { return sets_.find_set(a); }

 private:
  std::vector<int> rank_;
  std::vector<int> parent_;
  boost::disjoint_sets<int*, int*> sets_;
};

bool holds_both(const std::vector<NetId>& nets, NetId a, NetId b) {
  const auto has = [&nets](NetId net) {
    return std::find(nets.begin(), nets.end(), net) != nets.end();
  };
  return has(a) && has(b);
}

/// A controlled current source conducts when the voltage across itself controls it: then it is a
/// (non-linear) conductance, else it forces its current whatever the voltage.
bool is_conductance(const Circuit& circuit, const Instance& instance) {
  const NetId from = instance.pins[0];
  const NetId to = instance.pins[1];
  if (instance.kind == Kind::VoltageControlledCurrent) {
    return holds_both({instance.pins[2], instance.pins[3]}, from, to);
  }
  const auto find = [&circuit](std::string_view name) { return circuit.find_net(name); };
  std::vector<NetId> read = parse_expression(instance.expression, instance.name, find).nets;
  read.push_back(kGround);
  return holds_both(read, from, to);
}

/// One circuit's graph of DC conduction, filled element by element.
class Finder {
 public:
  Finder(const Circuit& circuit, const KnownGroups& known)
      : circuit_(circuit),
        known_(known),
        graph_(static_cast<std::size_t>(circuit.net_count())),
        rigid_(static_cast<std::size_t>(circuit.net_count())) {}

  Conduction find() {
    for (const Instance& instance : circuit_.instances()) add(instance);
    label_groups();
    for (const NetId port : circuit_.ports()) {
      const auto index = static_cast<std::size_t>(port.value);
      out_.ports.conducting.push_back(out_.group[index]);
      out_.ports.rigid.push_back(
          rigid_.find(0) == rigid_.find(port.value) ? 0 : 1 + rigid_.find(port.value));
    }
    return std::move(out_);
  }

 private:
  void add(const Instance& instance) {
    if (is_voltage_source(instance.kind)) return add_voltage_source(instance);
    switch (instance.kind) {
      case Kind::Resistor:
      case Kind::Diode:
      case Kind::VoltageSwitch:
        return conduct(instance.pins[0], instance.pins[1]);
      case Kind::VoltageControlledCurrent:
      case Kind::BehaviouralCurrent:
        if (is_conductance(circuit_, instance)) conduct(instance.pins[0], instance.pins[1]);
        return;
      case Kind::Mosfet:  // drain, source and bulk; the gate insulates
        conduct(instance.pins[0], instance.pins[2]);
        return conduct(instance.pins[2], instance.pins[3]);
      case Kind::Subcircuit:
        return add_subcircuit(instance);
      default:
        return;
    }
  }

  void conduct(NetId a, NetId b) {
    boost::add_edge(static_cast<std::size_t>(a.value), static_cast<std::size_t>(b.value), graph_);
  }

  void add_voltage_source(const Instance& instance) {
    const NetId plus = instance.pins[0];
    const NetId minus = instance.pins[1];
    conduct(plus, minus);
    if (plus == minus) {
      out_.shorts.push_back(instance.name);
    } else if (!rigid_.join(plus.value, minus.value)) {
      out_.loops.push_back(instance.name);
    }
  }

  /// Joins the pins whose ports are joined inside; the first pin of a group stands for it.
  void add_subcircuit(const Instance& instance) {
    const auto found = known_.find(instance.model);
    if (found == known_.end() || found->second.conducting.size() != instance.pins.size()) return;
    const PortGroups& groups = found->second;
    std::map<int, NetId> conducting = {{0, kGround}};
    std::map<int, NetId> rigid = {{0, kGround}};
    for (std::size_t k = 0; k < instance.pins.size(); ++k) {
      const NetId pin = instance.pins[k];
      const auto [joined, is_first] = conducting.emplace(groups.conducting[k], pin);
      if (!is_first) conduct(joined->second, pin);
      const auto [held, is_first_held] = rigid.emplace(groups.rigid[k], pin);
      if (!is_first_held && !rigid_.join(held->second.value, pin.value)) {
        out_.loops.push_back(instance.name);
      }
    }
  }

  /// Component numbers, with ground's made 0.
  void label_groups() {
    out_.group.resize(static_cast<std::size_t>(circuit_.net_count()));
    boost::connected_components(graph_, out_.group.data());
    const int ground = out_.group[0];
    for (int& group : out_.group) group = group == ground ? 0 : group == 0 ? ground : group;
  }

  const Circuit& circuit_;
  const KnownGroups& known_;
  NodeGraph graph_;
  RigidSets rigid_;
  Conduction out_;
};

}  // namespace

bool is_voltage_source(Kind kind) {
  return kind == Kind::VoltageSource || kind == Kind::BehaviouralVoltage ||
         kind == Kind::VoltageControlledVoltage;
}

Conduction find_conduction(const Circuit& circuit, const KnownGroups& known) {
  return Finder(circuit, known).find();
}

PortGroups groups_of_text(const Definition& definition) {
  std::istringstream words(definition.text);
  bool grounded = false;
  for (std::string word; words >> word;) grounded |= word == "0" || to_lower(word) == "gnd";
  PortGroups groups;
  groups.conducting.assign(definition.ports.size(), grounded ? 0 : 1);
  for (std::size_t k = 0; k < definition.ports.size(); ++k)
    groups.rigid.push_back(1 + static_cast<int>(k));
  return groups;
}

}  // namespace memspice::circuit
