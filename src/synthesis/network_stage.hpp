#pragma once
// A network as stages of analog parts: what the circuit is drawn from and what a prediction of it
// is computed from, so that both speak of the same parts.
//
//   layer                        stage
//   convolution                  crossbars, replicated per output pixel; a readout per output value
//   transposed convolution       crossbars, replicated per input pixel, without held taps: bit
//                                lines of taps that fall on one output value share its readout
//   fully connected              crossbars, once
//   ReLU .. hard swish           a neuron per value
//   average, maximum, global     a pooling circuit per output value
//   product of two tensors       a multiplier per output value
//   sum of two tensors           a summer and an inverter per output value
//   reshape, flatten; softmax    wires; the largest voltage is the largest probability
//
// Kernel first, each summer's pairs are such an array: two bit lines without wires, a driver a
// pair.
//
//   v_x --o--[array r0]--o--- I+, I- of all row tiles ---|readout|--- v_y = R_f (I+ - I-)
//   v_x --o--[array r1]--o                      R_f = s_out w_max / ((G_max - G_min) s_in)
//   bias --[>--o--
//
// s_in, s_out: scales of the tensors (network_scales.hpp). Conductances are the mapping's tiles as
// they are, bias word line included: it is driven at s_in x_max. A digital bias of the mapping is a
// resistor from vdd into the readout.

#include <string>
#include <variant>
#include <vector>

#include "mapping/tile_plan.hpp"
#include "synthesis/analog_block.hpp"
#include "synthesis/network_scales.hpp"
#include "synthesis/weight_array.hpp"

namespace memspice::synthesis {

/// One crossbar of an unrolled layer.
struct ArrayUse {
  std::string name;  ///< of the instance: "conv1_p3_q4_b0_r1_c0"
  const mapping::Tile* tile = nullptr;
  int block = 0;             ///< sub-layer: the group of a grouped convolution
  int y = 0, x = 0;          ///< the output pixel; of a transposed convolution, the input pixel
  std::vector<int> inputs;   ///< element of the layer's input per word line but the bias; -1: 0 V
  std::vector<int> outputs;  ///< element of the layer's output per pair; -1: cropped, 0 V
};

struct ArrayStage {
  const mapping::LayerPlan* plan = nullptr;
  bool is_transposed = false;         ///< positions are those of the input plane
  int taps = 1;                       ///< outputs of a channel that one position feeds
  int position_outputs = 0;           ///< of all channels, where the window slides; 0: it does not
  std::vector<ArrayUse> arrays;       ///< those of one position are neighbours
  double bias_voltage = 0.0;          ///< of the bias word lines [V]; 0: there are none
  std::vector<double> bias_currents;  ///< into each output's readout [A]; empty: none
  SubtractorResistors R;              ///< of the readouts
  AnalogBlock readout;                ///< two bit lines -> one voltage

  int positions() const;  ///< bias drivers that it has: one per position
};

/// Element `index` of operand `operand`; index < 0: ground.
struct PartInput {
  int operand = 0, index = -1;
};

struct PartStage {
  AnalogBlock part;
  /// From each of its inputs to the one node that the part reads [Ohm]; 0: the part has them all.
  double averaging = 0.0;
  std::vector<std::vector<PartInput>> uses;  ///< one part per element of the output
};

/// Its output's nets are those of its first operand.
struct WireStage {};

struct NetworkStage {
  network::LayerId layer;
  std::string name;                        ///< the layer's
  std::vector<network::LayerId> operands;  ///< whose outputs it takes
  int size = 0;                            ///< elements of its output
  double scale = 0.0;                      ///< of its output: volts that stand for 1
  std::variant<WireStage, ArrayStage, PartStage> content;
};

/// The stages in topological order; what no stage gives is a source.
struct NetworkStages {
  NetworkScales scales;
  std::vector<NetworkStage> stages;
  network::LayerId output;
};

struct NetworkStageOptions {
  Realisation realisation = Realisation::Behavioural;  ///< of readouts, neurons, pools, multipliers
  /// Whether a bit line carries both signs of a pair (crossbar::Topology): decides what a readout's
  /// lines carry at most.
  bool bit_lines_subtract = false;
  /// Those layers' stages alone; empty: all. A single one with weights takes its inputs at the
  /// voltages of the mapping, read_voltage for x_max, and may be large where its window slides.
  std::vector<network::LayerId> only = {};
  int positions = 0;  ///< of a single layer's sliding window, evenly spread; 0: all
};

/// Whether one position of a layer's window feeds outputs that no other position feeds: then that
/// position alone is the layer, and windows slide through it.
bool window_slides(const network::Operation& operation);

/// `count` of `total` places, evenly spread from the first to the last; 0 or above total: all.
std::vector<int> spread_evenly(int total, int count);

/// `plan`, which must outlive the result, is mapped with im2col or kernel first. Throws InputError
/// naming the layer that has no circuit, or whose figures a circuit cannot have.
NetworkStages plan_stages(const network::Graph& graph,
                          const mapping::TilePlan& plan,
                          const network::ActivationRanges& ranges,
                          const NetworkStageOptions& options,
                          const device::AnalogFigures& figures);

}  // namespace memspice::synthesis
