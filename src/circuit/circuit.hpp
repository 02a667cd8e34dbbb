#pragma once
// A circuit as a graph: nets and instances are its vertices, pins its edges.
//
// Names are free text for people; only [A-Za-z0-9_] with a leading letter is accepted, so that
// nothing from a TOML or ONNX file can add a line to a deck. Case is folded, as SPICE does.

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace memspice::circuit {

/// A net of one circuit. Ground is `kGround` in every circuit.
struct NetId {
  int value = 0;
  friend bool operator==(NetId, NetId) = default;
};
inline constexpr NetId kGround{0};

struct InstanceId {
  int value = 0;
  friend bool operator==(InstanceId, InstanceId) = default;
};

/// Source waveforms. A source has exactly one.
struct Dc {
  double level = 0.0;  ///< [V] or [A]
};
/// One level per stimulus of a StimulusSweep: many stimuli in one analysis.
struct Swept {
  std::vector<double> levels;  ///< [V] or [A], one per stimulus
};
struct Sine {
  double offset = 0.0, amplitude = 1.0;  ///< [V] or [A]
  double frequency = 1.0;                ///< [Hz]
  double delay = 0.0;                    ///< [s]
};
struct Pulse {
  double low = 0.0, high = 1.0;                ///< [V] or [A]
  double delay = 0.0, rise = 0.0, fall = 0.0;  ///< [s]
  double width = 0.0, period = 0.0;            ///< [s]
};
struct PiecewiseLinear {
  std::vector<double> times;   ///< [s], increasing
  std::vector<double> levels;  ///< [V] or [A]
};
using Waveform = std::variant<Dc, Swept, Sine, Pulse, PiecewiseLinear>;

struct Parameter {
  std::string name;
  double value = 0.0;  ///< SI
};

enum class Kind {
  Resistor,                  ///< pins a b; value [Ohm] > 0
  Capacitor,                 ///< pins a b; value [F] >= 0
  VoltageSource,             ///< pins + -; waveform [V]
  CurrentSource,             ///< pins from to; waveform [A]
  BehaviouralVoltage,        ///< pins + -; expression [V]
  BehaviouralCurrent,        ///< pins from to; expression [A]
  VoltageControlledVoltage,  ///< pins + - control+ control-; value: gain [1]
  VoltageControlledCurrent,  ///< pins from to control+ control-; value: transconductance [S]
  Diode,                     ///< pins anode cathode; model
  Mosfet,                    ///< pins drain gate source bulk; model; parameters (W, L)
  VoltageSwitch,             ///< pins a b control+ control-; model
  Subcircuit,  ///< pins as its definition's ports; model: the definition's name; parameters
};

struct Instance {
  std::string name;  ///< unique in the circuit, without SPICE's leading letter
  Kind kind = Kind::Resistor;
  std::vector<NetId> pins;
  double value = 0.0;
  Waveform waveform = Dc{};
  /// For behavioural sources: arithmetic over v(net) and v(net,net) of this circuit's net names.
  std::string expression;
  std::string model;
  std::vector<Parameter> parameters;
};

/// A hand-written definition (a .subckt or .model text from netlists/ or device_models/) that
/// instances refer to by name. Its text has passed netlist::check_model_text.
struct Definition {
  std::string name;
  std::vector<std::string> ports;  ///< empty for a .model
  std::string text;                ///< whole lines, ends in a newline
};

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
  std::span<const InstanceId> instances_on(NetId net) const;

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
