#pragma once
// What a circuit is made of: nets, elements, sources, and hand-written definitions.

#include <string>
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
/// A voltage that whoever runs the circuit gives at every point: it has no level of its own.
struct External {};
using Waveform = std::variant<Dc, Swept, Sine, Pulse, PiecewiseLinear, External>;

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
  std::string name = {};  ///< unique in the circuit, without SPICE's leading letter
  Kind kind = Kind::Resistor;
  std::vector<NetId> pins = {};
  double value = 0.0;
  Waveform waveform = Dc{};
  /// For behavioural sources: arithmetic over v(net) and v(net,net) of this circuit's net names.
  std::string expression = {};
  std::string model = {};
  std::vector<Parameter> parameters = {};
};

/// A hand-written definition (a .subckt or .model text from netlists/ or device_models/) that
/// instances refer to by name. Made by netlist::read_definition, which checks its text.
struct Definition {
  std::string name;
  std::vector<std::string> ports;  ///< empty for a .model
  std::string text;                ///< whole lines, ends in a newline
};

}  // namespace memspice::circuit
