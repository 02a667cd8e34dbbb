#pragma once
// A circuit as a graph: nets and instances are its vertices, pins its edges.
//
// Names are free text for people; only [A-Za-z0-9_] with a leading letter is accepted, so that
// nothing from a TOML or ONNX file can add a line to a deck. Case is folded, as SPICE does.
// Names and rules about them: circuit/name.hpp.

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "circuit/instance.hpp"

namespace memspice::circuit {

/// A flat or hierarchical circuit. Builders add nets and instances; readers walk them in the order
/// of their making, so that the deck text is deterministic.
class Circuit {
 public:
  explicit Circuit(std::string name);
  ~Circuit();
  Circuit(Circuit&&) noexcept;
  Circuit& operator=(Circuit&&) noexcept;

  const std::string& name() const noexcept;

  /// A new net; throws InputError when the name is malformed or taken.
  NetId add_net(std::string_view name);
  std::optional<NetId> find_net(std::string_view name) const;
  const std::string& net_name(NetId net) const;  ///< "0" for ground
  int net_count() const noexcept;                ///< ground included

  /// Adds an instance; throws InputError when its name is malformed or taken, its pin count does
  /// not fit its kind, or a net does not exist.
  InstanceId add(Instance instance);
  std::span<const Instance> instances() const noexcept;
  std::optional<InstanceId> find_instance(std::string_view name) const;
  /// In the order of their making; an instance stands there once for each of its pins on the net.
  std::vector<InstanceId> instances_on(NetId net) const;
  int pins_on(NetId net) const;

  /// Hand-written text that instances name. Adding the same name and text twice is no fault.
  void add_definition(Definition definition);
  std::span<const Definition> definitions() const noexcept;

  /// A generated subcircuit with the given nets as ports, instantiated by Kind::Subcircuit.
  void add_subcircuit(std::shared_ptr<const Circuit> body);
  std::span<const std::shared_ptr<const Circuit>> subcircuits() const noexcept;
  /// Ports of this circuit when it is used as a subcircuit, in order.
  void set_ports(std::vector<NetId> ports);
  std::span<const NetId> ports() const noexcept;

 private:
  struct Impl;  // keeps Boost.Graph out of this header
  std::unique_ptr<Impl> impl_;
};

}  // namespace memspice::circuit
