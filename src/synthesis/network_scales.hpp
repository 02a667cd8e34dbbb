#pragma once
// Which voltage stands for 1 in each tensor of a network that is one analog circuit.
//
// Tensors between which nothing amplifies (ReLU, pooling, reshape) share a scale; crossbar
// readouts, sigmoids and summers set a new one. A scale is the largest with which, on the
// calibration images,
//   |v| <= signal          where word lines, pools, multipliers or the outside world take the
//   tensor, |v| <= 0.6 swing       where only activations take it: op-amps swing further than word
//   lines.
// A multiplier gives v = v_x v_s / signal, so that its scale follows from its operands'.

#include <vector>

#include "device/analog_figures.hpp"
#include "network/graph.hpp"
#include "network/ranges.hpp"

namespace memspice::synthesis {

struct NetworkScales {
  double input = 0.0;             ///< of the network's input [V]
  std::vector<double> of_layers;  ///< of each layer's output, by LayerId [V]

  double of(network::LayerId id) const {
    return id == network::Graph::kInput ? input : of_layers.at(static_cast<std::size_t>(id.value));
  }
};

/// `ranges`: smallest and largest values on calibration images (network::measure_ranges, 100 %).
NetworkScales choose_scales(const network::Graph& graph,
                            const network::ActivationRanges& ranges,
                            const device::AnalogFigures& figures);

}  // namespace memspice::synthesis
