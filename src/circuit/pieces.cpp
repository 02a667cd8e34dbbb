#include "circuit/pieces.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <set>

#include "base/error.hpp"

namespace memspice::circuit {
namespace {

constexpr int not_held = -1;

/// Elements that hang together by nets that nothing holds.
struct Group {
  std::vector<int> instances;
  std::set<int> held;
  int order = std::numeric_limits<int>::max();
};

/// Sets of instances, joined through free nets.
class Groups {
 public:
  Groups(const Circuit& circuit, std::span<const HeldNet> held)
      : circuit_(circuit),
        held_at_(static_cast<std::size_t>(circuit.net_count()), not_held),
        parent_(circuit.instances().size()) {
    for (std::size_t k = 0; k < held.size(); ++k) {
      held_at_[static_cast<std::size_t>(held[k].net.value)] = static_cast<int>(k);
    }
    std::iota(parent_.begin(), parent_.end(), 0);
    join_by_free_nets();
  }

  /// In the order of the held nets they touch.
  std::vector<Group> take(std::span<const HeldNet> held) {
    std::map<int, Group> by_root;
    for (int k = 0; k < static_cast<int>(parent_.size()); ++k) {
      Group& group = by_root[find(k)];
      group.instances.push_back(k);
      for (const NetId net : pins_of(k)) {
        const int at = held_at_[static_cast<std::size_t>(net.value)];
        if (at == not_held || !group.held.insert(at).second) continue;
        const int order = held[static_cast<std::size_t>(at)].order;
        if (order >= 0) group.order = std::min(group.order, order);
      }
    }
    std::vector<Group> groups;
    for (auto& [root, group] : by_root) {
      if (!group.held.empty()) groups.push_back(std::move(group));
    }
    std::ranges::stable_sort(groups, {}, &Group::order);
    return groups;
  }

 private:
  const std::vector<NetId>& pins_of(int instance) const {
    return circuit_.instances()[static_cast<std::size_t>(instance)].pins;
  }

  int find(int instance) {
    while (parent_[static_cast<std::size_t>(instance)] != instance) {
      int& parent = parent_[static_cast<std::size_t>(instance)];
      parent = parent_[static_cast<std::size_t>(parent)];
      instance = parent;
    }
    return instance;
  }

  void join_by_free_nets() {
    std::vector<int> first_on(held_at_.size(), -1);
    for (int k = 0; k < static_cast<int>(parent_.size()); ++k) {
      for (const NetId net : pins_of(k)) {
        if (net == kGround || held_at_[static_cast<std::size_t>(net.value)] != not_held) continue;
        int& first = first_on[static_cast<std::size_t>(net.value)];
        if (first < 0) first = k;
        parent_[static_cast<std::size_t>(find(k))] = find(first);
      }
    }
  }

  const Circuit& circuit_;
  std::vector<int> held_at_;  ///< per net: index among the held ones
  std::vector<int> parent_;   ///< per instance
};

/// What a piece will hold.
struct Part {
  std::vector<int> instances;
  std::set<int> held;
};

std::vector<Part> fill_parts(const std::vector<Group>& groups, std::size_t nets_per_piece) {
  std::vector<Part> parts;
  for (const Group& group : groups) {
    if (parts.empty() || parts.back().held.size() >= nets_per_piece) parts.emplace_back();
    Part& part = parts.back();
    part.instances.insert(part.instances.end(), group.instances.begin(), group.instances.end());
    part.held.insert(group.held.begin(), group.held.end());
  }
  return parts;
}

void add_pin(Circuit& circuit, int held, NetId net) {
  circuit.add({.name = pin_name(held),
               .kind = Kind::VoltageSource,
               .pins = {net, kGround},
               .waveform = External{}});
}

Circuit copy_part(const Circuit& whole, const Part& part, const std::string& name) {
  Circuit piece(name);
  for (const Definition& definition : whole.definitions()) piece.add_definition(definition);
  for (const auto& body : whole.subcircuits()) piece.add_subcircuit(body);
  for (const int k : part.instances) {
    Instance instance = whole.instances()[static_cast<std::size_t>(k)];
    for (NetId& net : instance.pins) {
      if (net == kGround) continue;
      const std::string& named = whole.net_name(net);
      const std::optional<NetId> known = piece.find_net(named);
      net = known ? *known : piece.add_net(named);
    }
    piece.add(std::move(instance));
  }
  return piece;
}

}  // namespace

std::string pin_name(int held) {
  return "pin_" + std::to_string(held);
}

std::vector<Piece> cut_at(const Circuit& circuit,
                          std::span<const HeldNet> held,
                          int nets_per_piece) {
  if (nets_per_piece < 1) {
    throw InputError({.place = circuit.name(),
                      .value = std::to_string(nets_per_piece) + " nets",
                      .rule = "a piece holds at least one net",
                      .remedy = "give a larger number"});
  }
  const std::vector<Group> groups = Groups(circuit, held).take(held);
  std::vector<Piece> pieces;
  for (const Part& part : fill_parts(groups, static_cast<std::size_t>(nets_per_piece))) {
    const std::string name = circuit.name() + "_piece_" + std::to_string(pieces.size());
    Piece piece{copy_part(circuit, part, name), {part.held.begin(), part.held.end()}};
    for (const int k : piece.held) {
      const HeldNet& net = held[static_cast<std::size_t>(k)];
      add_pin(piece.circuit, k, *piece.circuit.find_net(circuit.net_name(net.net)));
    }
    pieces.push_back(std::move(piece));
  }
  return pieces;
}

}  // namespace memspice::circuit
