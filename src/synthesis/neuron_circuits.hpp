#pragma once
// The transistor circuits of neuron.hpp, one function a circuit. Each adds its parts to a draft
// with the input in_0 and returns the net out_0.

#include "synthesis/analog_draft.hpp"
#include "synthesis/neuron.hpp"

namespace memspice::synthesis {

/// max(in, 0 V).
circuit::NetId add_relu(AnalogDraft& draft, const std::string& name, circuit::NetId in);
/// max(in, slope in).
circuit::NetId add_leaky_relu(AnalogDraft& draft, double slope);
/// An input, its weight and a constant on one passive node, v = weight v(in) + level, behind the
/// unit resistor. weight + level / vdd <= 1.
struct WeightedInput {
  circuit::NetId net;
  double weight = 0.0;  ///< > 0; what is left of 1 goes to the rail and to ground
};
circuit::NetId add_weighted_node(AnalogDraft& draft,
                                 const std::string& name,
                                 const WeightedInput& input,
                                 double level);
/// min(max(node, 0 V), ceiling) of a node with a source resistance; ceiling > 0 [V].
circuit::NetId add_window(AnalogDraft& draft,
                          const std::string& name,
                          circuit::NetId node,
                          double ceiling);
/// Two differential pairs: full_scale tanh(v / gate_unit) + level.
struct TanhShape {
  double gate_unit = 0.1;  ///< gate voltage of tanh's argument 1 [V]
  double amplitude = 0.2;  ///< [V]
  double level = 0.0;      ///< added at the output [V], >= 0
};
circuit::NetId add_tanh(AnalogDraft& draft, circuit::NetId gate, const TanhShape& shape);
/// x hard_sigmoid(x) of in_0 with unit u [V].
circuit::NetId add_hard_swish(AnalogDraft& draft, double u);

}  // namespace memspice::synthesis
