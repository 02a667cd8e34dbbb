#pragma once
// Stages of a network as one circuit with its images as sources.
//
//   image_k --o-- net input_k --[crossbars conv1_p0_q0_b0_r0_c0 ..]-- [readout]-- net conv1_k --
//             --[relu]-- net relu1_k --[max_pool]-- ... -- net LAYER_k -- load
//
// Hierarchy: the network; a subcircuit per distinct tile, readout, neuron, pool and multiplier;
// op-amps in these. Element k of layer L's output, row-major C x H x W, is net L_k. Arrays have row
// and column wire; what drives them is the stage before, what senses them a virtual ground.

#include <map>

#include "circuit/analysis.hpp"
#include "synthesis/network_draft.hpp"

namespace memspice::synthesis {

struct NetworkCircuitOptions {
  std::string name = "network";
  ArrayMake arrays = bare_arrays();        ///< drivers and senses are the stages around them
  std::vector<network::LayerId> probed{};  ///< layers to probe before the output
};

struct NetworkCircuit {
  circuit::Circuit circuit;
  /// A sweep over the images. Probes: the values of `probed` in order, then the output's [V].
  circuit::Analysis analysis;
  std::map<int, std::vector<std::string>> nets;  ///< of every tensor's elements, by LayerId
  DeviceCount devices;
};

/// `sources`: voltages, elements x images, of every tensor that stages take and none gives, by
/// LayerId (network::Graph::kInput: the image) [V]; one column is held for all images. Images: at
/// most netlist::kMaxStimuli. Throws InputError when one is missing or its size does not fit.
NetworkCircuit build_network_circuit(const NetworkStages& network,
                                     const std::map<int, Eigen::MatrixXd>& sources,
                                     const NetworkCircuitOptions& options,
                                     const device::AnalogFigures& figures);

/// The stage of one layer alone: its operands become sources.
NetworkStages stage_alone(const NetworkStages& network, network::LayerId id);

/// A convolution's stage with the crossbars of one position, through which windows slide: a source
/// per input that they read, an output per channel; of a transposed one an output per channel and
/// tap, where its windows do not overlap.
struct SlidingStage {
  NetworkStages network;
  /// Sources' voltages window after window of input tensors x [V] (elements x images):
  /// sources x (images positions).
  Eigen::MatrixXd windows(const Eigen::MatrixXd& x) const;
  std::vector<std::vector<int>> gathered;      ///< element per source, by position; -1: 0 V
  std::vector<std::pair<int, int>> positions;  ///< (row, column) in the plane of ArrayStage
};
/// Throws InputError naming the layer when it is none whose window slides.
SlidingStage slide_stage(const NetworkStages& network, network::LayerId id);

/// The layers of a squeeze-and-excitation block that ends in the product `last`, in order: the
/// means of the planes that are scaled, what makes scales of them, the product. Throws InputError
/// naming the layer when it ends none.
std::vector<network::LayerId> scaling_block(const network::Graph& graph, network::LayerId last);

/// The source that kPassingPixel stands for: a pixel of every channel, one after the other.
inline constexpr network::LayerId kPassingPixel{-2};

/// A squeeze-and-excitation block whose planes are held at its means while their pixels pass one
/// multiplier a channel: the product reads kPassingPixel where it read the planes, and gives a
/// value per channel. `stages`: those of scaling_block. Returns the planes' tensor.
network::LayerId pass_pixels(NetworkStages& stages);

}  // namespace memspice::synthesis
