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
#include "device/technology.hpp"
#include "simulate/periphery_kernel.hpp"
#include "study/periphery_options.hpp"
#include "study/study.hpp"

namespace memspice::study {

/// One layer's circuit.
struct PeripheryStage {
  PeripheryPart part = PeripheryPart::Readout;
  int layer = 0;        ///< LayerId
  int plan_layer = -1;  ///< of converters and readouts
  std::shared_ptr<const simulate::ScaledCurve> curve;
  int stages = 1;  ///< of a tree of averages, each with that circuit
};

struct NetworkPeriphery {
  std::set<PeripheryPart> parts;  ///< that a run takes into the network
  std::vector<PeripheryStage> stages;
  std::optional<report::ArrayStep> array;
  std::vector<std::string> exact;  ///< layers that stay ideal, and why
};

/// Characterizes what [periphery] in_network asks for, as the bench's last pass needs it, through
/// its engine; nothing when it asks for nothing. Throws RunError as `characterize` does.
std::optional<NetworkPeriphery> characterize_network_periphery(const PeripheryOptions& options,
                                                               const device::Technology& technology,
                                                               const Bench& bench);

/// Each part alone and added to those before it, over all test images, beside the bench's last
/// pass. Null: nothing was asked for.
std::unique_ptr<const Study> make_periphery_study(const NetworkPeriphery* periphery);

/// Times and energies for the cost model: arrays and readouts settle one after the other, the
/// slowest of each; energies of the costliest.
cost::MeasuredPeriphery measured_periphery(const NetworkPeriphery& periphery);

/// The arrays' energy per plan layer and image [J] when they carry current for the measured
/// settling time instead of the card's read time, and charge their lines at each read.
std::vector<double> measured_array_energy(const Bench& bench, const NetworkPeriphery& periphery);

}  // namespace memspice::study
