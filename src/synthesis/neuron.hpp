#pragma once
// Activation functions as circuits, and a behavioural twin of each.
//
// ReLU, leaky ReLU, clipped ReLU and hard swish are y = f(x) with one unit u [V] for x and y.
// Hard sigmoid, sigmoid and tanh take x in input units and give y in output units.
//
// Source of the functions: relu max(0,x); leaky_relu max(x, slope x); clipped_relu
// min(max(0,x), ceiling); hard_sigmoid min(max(0, x/6 + 1/2), 1) and hard_swish x hard_sigmoid(x)
// as in Howard et al., Searching for MobileNetV3 (2019).

#include "device/analog_figures.hpp"
#include "synthesis/analog_block.hpp"

namespace memspice::synthesis {

enum class NeuronKind { Relu, LeakyRelu, ClippedRelu, Sigmoid, Tanh, HardSigmoid, HardSwish };

/// "relu", "leaky_relu", "clipped_relu", "sigmoid", "tanh", "hard_sigmoid", "hard_swish".
const char* name_of(NeuronKind kind);

struct NeuronSpec {
  std::string name{};  ///< empty: the kind's name, `_behavioural` behind it for the twin
  NeuronKind kind = NeuronKind::Relu;
  Realisation realisation = Realisation::Transistor;
  double input_unit = 0.0;   ///< voltage that stands for 1 at the input [V]; 0: the card's signal
  double output_unit = 0.0;  ///< likewise at the output
  double slope = 0.01;       ///< of a leaky ReLU below 0, in (0, 1)
  double ceiling = 1.0;      ///< of a clipped ReLU, in units, > 0
  /// Throws InputError naming the block.
  void validate() const;
};

/// One input, one output. Throws InputError naming the block for a value out of range or for
/// units that the supplies cannot carry.
AnalogBlock build_neuron(const NeuronSpec& spec, const device::AnalogFigures& figures);

/// f in its own scale, as above.
double neuron_function(const NeuronSpec& spec, double x);

}  // namespace memspice::synthesis
