#pragma once
// The periphery that a network needs, characterized, and what it costs the network.
//
// Every circuit is asked for as the layer needs it, and no two layers ask twice for the same:
//   converters  an R-2R DAC of the flow's bits; one bit less beside a sign
//   readout     column_readout; R takes the layer's ADC range to the card's signal, or less where
//               a single bit line's current would drive its amplifier beyond its swing
//   activation, pooling, multiplier: the catalogue's, with the calibration images' largest value
//               (dac_percentile) at full scale; sigmoid, tanh, hard sigmoid and hard swish have a
//               scale of their own, 1 being the card's signal
// A table [periphery.CIRCUIT] of the flow gives realisation and the sizes that no layer decides.

#include <optional>
#include <vector>

#include "cost/network_cost.hpp"
#include "flow/stages.hpp"
#include "report/network_periphery_report.hpp"
#include "simulate/periphery_kernel.hpp"

namespace memspice::flow {

/// One layer's circuit.
struct PeripheryStage {
  config::PeripheryPart part = config::PeripheryPart::Readout;
  int layer = 0;        ///< LayerId
  int plan_layer = -1;  ///< of converters and readouts
  std::shared_ptr<const simulate::ScaledCurve> curve;
  int stages = 1;  ///< of a tree of averages, each with that circuit
};

struct NetworkPeriphery {
  std::vector<PeripheryStage> stages;
  std::optional<report::ArrayStep> array;
  std::vector<std::string> exact;  ///< layers that stay ideal, and why
};

/// Characterizes what [periphery] in_network asks for, through the run's engine; nothing when it
/// asks for nothing. Throws RunError as `characterize` does.
std::optional<NetworkPeriphery> characterize_network_periphery(const config::FlowOptions& options,
                                                               const Parts& parts,
                                                               const Pass& pass);

/// The network of `pass` with `chosen` parts of the periphery.
simulate::Machine build_periphery_machine(const config::FlowOptions& options,
                                          const Parts& parts,
                                          const Pass& pass,
                                          const NetworkPeriphery& periphery,
                                          const std::set<config::PeripheryPart>& chosen);

/// Each part alone and added to those before it, over all test images. base: outcome of `pass`.
report::NetworkPeripheryReport price_periphery(const config::FlowOptions& options,
                                               const Parts& parts,
                                               const Pass& pass,
                                               const NetworkPeriphery& periphery,
                                               const simulate::Outcome& base);

/// Times and energies for the cost model: arrays and readouts settle one after the other, the
/// slowest of each; energies of the costliest.
cost::MeasuredPeriphery measured_periphery(const NetworkPeriphery& periphery);

/// The arrays' energy when they carry current for the measured settling time instead of the card's
/// read time, and charge their lines at each read. energy: per plan layer and image [J].
std::vector<double> measured_array_energy(const config::FlowOptions& options,
                                          const mapping::TilePlan& plan,
                                          const NetworkPeriphery& periphery,
                                          std::vector<double> energy);

}  // namespace memspice::flow
