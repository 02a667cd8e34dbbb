#pragma once
// A generated analog circuit beside the function it stands for: what every neuron, pooling,
// multiplier, squeeze-and-excitation and deconvolution builder returns, and what characterization,
// export and the network builder take.
//
//             vdd
//              |
//   in_0 --+--------+-- out_0       Signals are voltages about ground (0 V). A value of 1 in the
//   in_1 --|  body  |-- out_1       block's own scale is `signal` volts of the technology card.
//          +--------+               Supplies: vdd > 0 V > vss.
//              |
//             vss

#include <Eigen/Core>
#include <functional>
#include <memory>
#include <string>

#include "circuit/circuit.hpp"

namespace memspice::synthesis {

/// How a block's active parts are made.
enum class Realisation {
  Behavioural,  ///< controlled sources: the function with its finite gain and limits, for speed
  Transistor,   ///< op-amp macromodels, diodes and MOS transistors
};

/// What a block is made of, counted through all its subcircuits.
struct DeviceCount {
  int memristors = 0;
  int resistors = 0, capacitors = 0, diodes = 0, transistors = 0;
  int op_amps = 0;
  int behavioural = 0;  ///< controlled and behavioural sources outside op-amps
  friend bool operator==(const DeviceCount&, const DeviceCount&) = default;
};

struct AnalogBlock {
  /// A subcircuit with ports vdd, vss, in_0 .., out_0 .., in this order.
  std::shared_ptr<const circuit::Circuit> body;
  int inputs = 0, outputs = 0;
  /// Inputs are currents into virtual grounds [A]; `low`, `high` and `ideal` accordingly.
  bool takes_currents = false;
  int logic_inputs = 0;       ///< the last ones are switched: `low` or `high`, nothing between
  Eigen::VectorXd low, high;  ///< range of each input that `ideal` is to hold on [V]
  double full_scale = 0.0;    ///< largest |output| of `ideal` on that range [V]; errors refer to it
  /// The function that the block stands for: inputs [V] -> outputs [V].
  std::function<Eigen::VectorXd(const Eigen::VectorXd&)> ideal;
  DeviceCount devices;
};

}  // namespace memspice::synthesis
